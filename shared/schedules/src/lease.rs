//! Taking work: schedules that are due, and runs that somebody left.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_metrics::{ReportName, time};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::occurrence::Occurrence;
use crate::schedule::{TimetableColumns, zone};
use crate::{Clock, Delivery, Period};

pub(crate) const FIND_DUE_SCHEDULES: Sql = sql!("sql/find_due_schedules.sql");
pub(crate) const FIND_NEXT_DUE: Sql = sql!("sql/find_next_due.sql");
pub(crate) const CLAIM_SCHEDULES: Sql = sql!("sql/claim_schedules.sql");
pub(crate) const TAKE_OVER_RUNS: Sql = sql!("sql/take_over_runs.sql");
pub(crate) const FINISH_RUNS: Sql = sql!("sql/finish_runs.sql");

/// Holders in a row that may die of a run without having sent anything of it, before what is left of it has failed, an hour after
/// it began at the earliest.
pub const MOST_TAKEOVERS: i64 = 5;

/// A schedule that is due, as it was read.
#[derive(Clone, Debug, Deserialize)]
pub struct Due {
    id: Uuid,
    tenant_id: Uuid,
    report: String,
    /// The on-demand report that carries it; none of digests.
    report_id: Option<String>,
    #[serde(flatten)]
    timetable: TimetableColumns,
    #[serde(with = "instant")]
    next_run_at: DateTime<Utc>,
    version: i64,
    #[serde(with = "instant")]
    now: DateTime<Utc>,
}

/// What a claim says of a schedule that is due.
#[derive(Serialize)]
struct Claim {
    schedule_id: Uuid,
    #[serde(serialize_with = "time::instant")]
    due_at: DateTime<Utc>,
    version: i64,
    run_id: Uuid,
    /// The report that is to be made; none of digests.
    child_id: Option<String>,
    #[serde(flatten)]
    occurrence: Occurrence,
    rhythm: String,
    #[serde(serialize_with = "time::instant")]
    next_run_at: DateTime<Utc>,
    skipped: Vec<Occurrence>,
}

#[derive(Deserialize)]
struct RunRow {
    id: Uuid,
    tenant_id: Uuid,
    tenant: String,
    report: String,
    report_id: Option<String>,
    is_waiting: bool,
    timezone: String,
    #[serde(with = "instant")]
    from_at: DateTime<Utc>,
    #[serde(with = "instant")]
    to_at: DateTime<Utc>,
    #[serde(with = "instant")]
    previous_from_at: DateTime<Utc>,
    rhythm: String,
    /// Messages that were given up by taking the run.
    #[serde(default)]
    failed: usize,
    /// Messages that may have been sent by its holder who died.
    #[serde(default)]
    unknown: usize,
    #[serde(with = "json")]
    deliveries: Vec<Delivery>,
}

/// What a run sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The digest of a report.
    Digest(ReportName),
    /// An on-demand report that was made for it, by its id.
    Report(String),
}

/// A run that was taken, with the messages that are owed.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub tenant: TenantScope,
    /// The tenant's name.
    pub tenant_name: String,
    /// What is sent.
    pub subject: Subject,
    /// The zone of its period.
    pub zone: Tz,
    /// What it is about.
    pub period: Period,
    /// When its schedule runs, in words: `every Monday at 06:00 (Europe/Madrid)`.
    pub rhythm: String,
    /// Messages that nobody has begun.
    pub deliveries: Vec<Delivery>,
}

/// What was taken.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The runs.
    pub runs: Vec<Run>,
    /// On-demand reports that are to be made, whose runs wait for them.
    pub ordered: Vec<String>,
    /// Runs that cannot be read, to be named as stuck.
    pub unreadable: Vec<Uuid>,
    /// Messages that were given up by taking their runs.
    pub failed: usize,
    /// Messages of these runs that may have been sent by a holder who died.
    pub unknown: usize,
    /// How long the schedule that was due first had waited.
    pub lag: Duration,
}

/// The right to work on runs for a while. It is never renewed: when it ends its holder is dead.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    token: Uuid,
    length: Duration,
    clock: Clock,
}

/// Up to `limit` schedules that are due, those that have waited longest first.
pub async fn find_due(database: &Database, clock: Clock, limit: i64) -> Result<Vec<Due>, Error> {
    database.read(FIND_DUE_SCHEDULES, clock.params().integer("page_size", limit)).await
}

/// The earliest instant at which there may be something to do; none where nothing is planned.
pub async fn find_next_due(database: &Database) -> Result<Option<DateTime<Utc>>, Error> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(with = "instant::optional")]
        next_due: Option<DateTime<Utc>>,
    }
    let row: Option<Row> = database.read_optional(FIND_NEXT_DUE, Params::new()).await?;
    Ok(row.and_then(|row| row.next_due))
}

impl Due {
    fn claim(&self, run_id: Uuid, child_id: impl FnOnce() -> Result<String, Error>) -> Result<Claim, Error> {
        let timetable = self.timetable.timetable()?;
        let owed = timetable.owed(self.next_run_at, self.now);
        Ok(Claim {
            schedule_id: self.id,
            due_at: self.next_run_at,
            version: self.version,
            run_id,
            child_id: self.report_id.as_ref().map(|_| child_id()).transpose()?,
            occurrence: Occurrence::of(owed.scheduled_for, owed.period),
            rhythm: timetable.to_string(),
            next_run_at: owed.next,
            skipped: owed.skipped.iter().map(|at| Occurrence::of(*at, timetable.period(*at))).collect(),
        })
    }
}

impl Lease {
    /// A lease of this token, fresh for each time that work is taken.
    pub fn new(token: Uuid, length: Duration, clock: Clock) -> Self {
        Self { token, length, clock }
    }

    /// What its holder is told by.
    pub(crate) fn token(&self) -> Uuid {
        self.token
    }

    /// The clock that it counts by.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Takes up to `limit` runs that are open and nobody's, or whose holder is dead.
    pub async fn take_over(&self, database: &Database, limit: i64) -> Result<Taken, Error> {
        let params = self.params().integer("page_size", limit).integer("most_takeovers", MOST_TAKEOVERS);
        Ok(Taken::of(database.write_keyed(TAKE_OVER_RUNS, params).await?))
    }

    /// Claims up to `limit` of the schedules that are due, those of one tenant and report together, since they share numbers.
    /// Others who read the same take others first. The new ids are of the runs, and of the reports that are to be made.
    pub async fn claim(
        &self,
        database: &Database,
        mut due: Vec<Due>,
        limit: usize,
        mut new_id: impl FnMut() -> Uuid,
        new_report_id: impl Fn() -> Result<String, Error>,
    ) -> Result<Taken, Error> {
        due.sort_by_cached_key(|due| (self.shuffled(&(due.tenant_id, &due.report)), self.shuffled(&due.id)));
        let lag = due.iter().map(|due| due.now - due.next_run_at).max().and_then(|lag| lag.to_std().ok());
        let claim = |due: &Due| match due.claim(new_id(), &new_report_id) {
            Ok(claim) => Some(claim),
            Err(error) => {
                // It keeps nobody else waiting, and stays due until somebody puts it right.
                tracing::error!(%error, schedule_id = %due.id, "a schedule that cannot be read");
                None
            }
        };
        let claims: Vec<Claim> = due.iter().filter_map(claim).take(limit).collect();
        let claims = serde_json::to_string(&claims).map_err(|error| Error::Decode(error.to_string()))?;
        let params = self.params().text("due", claims.as_str());
        let taken = Taken::of(database.write_keyed(CLAIM_SCHEDULES, params).await?);
        Ok(Taken { lag: lag.unwrap_or_default(), ..taken })
    }

    /// Ends it. What is not done is anybody's after the pause; `stuck` runs wait longer each time, and have failed in the end.
    pub async fn finish(&self, database: &Database, pause: Duration, stuck: &[Uuid]) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Nothing {}
        let stuck = serde_json::to_string(stuck).map_err(|error| Error::Decode(error.to_string()))?;
        let params = self
            .clock
            .params()
            .uuid("lease_token", self.token)
            .integer("pause_secs", pause.as_secs() as i64)
            .text("stuck", stuck.as_str());
        let _: Vec<Nothing> = database.write_keyed(FINISH_RUNS, params).await?;
        Ok(())
    }

    fn params(&self) -> Params {
        self.clock.params().uuid("lease_token", self.token).integer("lease_secs", self.length.as_secs() as i64)
    }

    fn shuffled(&self, value: &impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.token, value).hash(&mut hasher);
        hasher.finish()
    }
}

impl Taken {
    fn of(rows: Vec<RunRow>) -> Self {
        let mut taken = Self::default();
        for row in rows {
            let id = row.id;
            taken.failed += row.failed;
            taken.unknown += row.unknown;
            if row.is_waiting {
                taken.ordered.extend(row.report_id);
                continue;
            }
            match row.run() {
                Ok(run) => taken.runs.push(run),
                Err(error) => {
                    tracing::error!(%error, run_id = %id, "a run that cannot be read");
                    taken.unreadable.push(id);
                }
            }
        }
        taken
    }
}

fn digest(name: &str) -> Result<ReportName, Error> {
    let report = ReportName::ALL.into_iter().find(|report| report.as_str() == name);
    report.ok_or_else(|| Error::Decode(format!("a report that is not known: {name}")))
}

impl RunRow {
    fn run(self) -> Result<Run, Error> {
        let subject = match self.report_id {
            Some(id) => Subject::Report(id),
            None => Subject::Digest(digest(&self.report)?),
        };
        Ok(Run {
            id: self.id,
            tenant: TenantScope::proven(self.tenant_id),
            tenant_name: self.tenant,
            subject,
            zone: zone(&self.timezone)?,
            period: Period { previous_from: self.previous_from_at, from: self.from_at, to: self.to_at },
            rhythm: self.rhythm,
            deliveries: self.deliveries,
        })
    }
}
