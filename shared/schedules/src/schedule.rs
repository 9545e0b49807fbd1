//! Schedules, as clients make, change and read them.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_metrics::ReportName;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::occurrence::Occurrence;
use crate::{Cadence, Place, Timetable, of, page_after};

pub(crate) const CREATE_SCHEDULE: Sql = sql!("sql/create_schedule.sql");
pub(crate) const CHANGE_SCHEDULE: Sql = sql!("sql/change_schedule.sql");
pub(crate) const DELETE_SCHEDULE: Sql = sql!("sql/delete_schedule.sql");
pub(crate) const FIND_SCHEDULE: Sql = sql!("sql/find_schedule.sql");
pub(crate) const LIST_SCHEDULES: Sql = sql!("sql/list_schedules.sql");
pub(crate) const REQUEST_RUN: Sql = sql!("sql/request_run.sql");

/// Somebody who gets a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// The address, as it was written.
    pub address: String,
    /// The same for all spellings of it.
    pub key: String,
}

/// What a schedule is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which report.
    pub report: ReportName,
    /// When.
    pub timetable: Timetable,
    /// Whether the time was given as an hour of UTC.
    pub by_hour_utc: bool,
    /// Whether it runs.
    pub enabled: bool,
    /// To whom; distinct keys.
    pub recipients: Vec<Recipient>,
}

/// A timetable as its columns have it.
#[derive(Clone, Debug, Deserialize)]
pub struct TimetableColumns {
    cadence: String,
    day_of_week: Option<i64>,
    day_of_month: Option<i64>,
    local_time: NaiveTime,
    timezone: String,
}

/// A schedule of a tenant.
#[derive(Clone, Debug, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: Uuid,
    /// Which report.
    pub report: ReportName,
    #[serde(flatten)]
    timetable: TimetableColumns,
    /// Whether the time was given as an hour of UTC.
    pub by_hour_utc: bool,
    /// Whether it runs.
    pub enabled: bool,
    /// When it runs next, if it is enabled.
    #[serde(with = "instant")]
    next_run_at: DateTime<Utc>,
    version: i64,
    /// Who gets it.
    #[serde(with = "json")]
    pub recipients: Vec<String>,
    /// Who is listed and does not want it.
    #[serde(with = "json")]
    pub unsubscribed: Vec<String>,
    /// When its latest run that has ended began.
    #[serde(with = "instant::optional")]
    pub last_run_at: Option<DateTime<Utc>>,
    /// How that ended: sent, partial, failed or skipped.
    pub last_status: Option<String>,
    /// When it was made.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    #[serde(with = "instant")]
    pub updated_at: DateTime<Utc>,
}

/// A run that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Requested {
    /// Its id.
    pub id: Uuid,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// The tenant has no such schedule.
    #[error("no such schedule")]
    Unknown,
    /// Nobody is left to send to.
    #[error("no recipients")]
    Nobody,
    /// Others kept changing it.
    #[error("changed by others at the same time")]
    Contended,
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
}

impl TimetableColumns {
    /// The timetable. An error where the columns do not fit together.
    pub fn timetable(&self) -> Result<Timetable, Error> {
        let cadence = match (self.cadence.as_str(), self.day_of_week, self.day_of_month) {
            ("daily", None, None) => Some(Cadence::Daily),
            ("weekly", Some(day), None) => Cadence::weekly(day),
            ("monthly", None, Some(day)) => u32::try_from(day).ok().map(Cadence::Monthly),
            _ => None,
        };
        let cadence = cadence.ok_or_else(|| Error::Decode("a cadence that is not known".into()))?;
        Ok(Timetable { cadence, time: self.local_time, zone: zone(&self.timezone)? })
    }
}

/// A zone as a column has it.
pub(crate) fn zone(name: &str) -> Result<Tz, Error> {
    name.parse().map_err(|_| Error::Decode(format!("a zone that is not known: {name}")))
}

impl Schedule {
    /// When it runs.
    pub fn timetable(&self) -> Result<Timetable, Error> {
        self.timetable.timetable()
    }

    /// When it runs next; none while it is disabled.
    pub fn next_run_at(&self) -> Option<DateTime<Utc>> {
        self.enabled.then_some(self.next_run_at)
    }

    /// When it is to run next as `plan` says. With the same timetable what it owes stays owed; another one decides from the moment
    /// on that was to be next, so that its own occurrences since then are owed. See [`Self::dropped_by`] for the others.
    fn next_run_of(&self, plan: &Plan, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        if !self.enabled {
            return Ok(plan.timetable.next_after(now));
        }
        if self.timetable()? == plan.timetable {
            return Ok(self.next_run_at);
        }
        let undecided = now.min(self.next_run_at - TimeDelta::microseconds(1));
        Ok(plan.timetable.next_after(undecided))
    }
}

/// An occurrence that was due, and that a change leaves out.
#[derive(Serialize)]
struct Dropped {
    report: ReportName,
    rhythm: String,
    timezone: &'static str,
    #[serde(flatten)]
    occurrence: Occurrence,
}

impl Schedule {
    /// Occurrences that are due and not sent, and that the schedule no longer has when it is to run next at `next`, or not at
    /// all. The log says of each that it was skipped.
    fn dropped_by(&self, next: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Vec<Dropped>, Error> {
        if !self.enabled || self.next_run_at > now {
            return Ok(Vec::new());
        }
        let timetable = self.timetable()?;
        let owed = timetable.owed(self.next_run_at, now);
        let due = owed.skipped.into_iter().chain([owed.scheduled_for]);
        let dropped = |at| Dropped {
            report: self.report,
            rhythm: timetable.to_string(),
            timezone: timetable.zone.name(),
            occurrence: Occurrence::of(at, timetable.period(at)),
        };
        Ok(due.filter(|at| next.is_none_or(|next| *at < next)).map(dropped).collect())
    }
}

/// Adds a timetable's columns but the zone: cadence, day_of_week, day_of_month, local_time.
pub fn timetable_params(params: Params, timetable: &Timetable) -> Params {
    let (cadence, weekday, day) = match timetable.cadence {
        Cadence::Daily => ("daily", None, None),
        Cadence::Weekly(day) => ("weekly", Some(i64::from(day.num_days_from_sunday())), None),
        Cadence::Monthly(day) => ("monthly", None, Some(i64::from(day))),
    };
    params
        .text("cadence", cadence)
        .integer("day_of_week", weekday)
        .integer("day_of_month", day)
        .text("local_time", timetable.time.format("%H:%M").to_string().as_str())
}

impl Plan {
    fn params(&self, tenant: TenantScope, id: Uuid, next_run_at: DateTime<Utc>) -> Params {
        let recipients = serde_json::to_string(&self.recipients).unwrap_or_default();
        let params = of(tenant).uuid("id", id).text("report", self.report.as_str());
        timetable_params(params, &self.timetable)
            .text("timezone", self.timetable.zone.name())
            .flag("by_hour_utc", self.by_hour_utc)
            .flag("enabled", self.enabled)
            .instant("next_run_at", next_run_at)
            .text("recipients", recipients.as_str())
    }
}

/// Makes a schedule with this id.
pub async fn create(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Schedule, Unchanged> {
    let params = plan.params(tenant, id, plan.timetable.next_after(now));
    let _: Vec<Requested> = database.write_keyed(CREATE_SCHEDULE, params).await?;
    find(database, tenant, id).await?.ok_or(Unchanged::Unknown)
}

/// How often a change is begun again because others came first.
const CHANGES: u32 = 5;

/// Makes a schedule what the plan says. `token` is the write's own.
pub async fn change(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
    token: Uuid,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Schedule, Unchanged> {
    for _ in 0..CHANGES {
        let before = find(database, tenant, id).await?.ok_or(Unchanged::Unknown)?;
        let next = before.next_run_of(plan, now)?;
        let dropped = before.dropped_by(plan.enabled.then_some(next), now)?;
        let dropped = serde_json::to_string(&dropped).map_err(|error| Error::Decode(error.to_string()))?;
        let params = plan
            .params(tenant, id, next)
            .text("dropped", dropped.as_str())
            .integer("version", before.version)
            .instant("was_due_at", before.next_run_at)
            .uuid("write_token", token);
        let changed: Vec<Requested> = database.write_keyed(CHANGE_SCHEDULE, params).await?;
        if !changed.is_empty() {
            return find(database, tenant, id).await?.ok_or(Unchanged::Unknown);
        }
    }
    Err(Unchanged::Contended)
}

/// Deletes a schedule; its log stays. `token` is the write's own.
pub async fn delete(database: &Database, tenant: TenantScope, id: Uuid, token: Uuid) -> Result<(), Unchanged> {
    let params = of(tenant).uuid("id", id).uuid("write_token", token);
    let deleted: Vec<Requested> = database.write_keyed(DELETE_SCHEDULE, params).await?;
    if deleted.is_empty() { Err(Unchanged::Unknown) } else { Ok(()) }
}

/// A schedule of the tenant.
pub async fn find(database: &Database, tenant: TenantScope, id: Uuid) -> Result<Option<Schedule>, Error> {
    database.read_optional(FIND_SCHEDULE, of(tenant).uuid("id", id)).await
}

/// Up to `limit` schedules after a place, newest first.
pub async fn list(
    database: &Database,
    tenant: TenantScope,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Schedule>, Error> {
    let params = |last: Option<&Schedule>, page_size| {
        page_after(of(tenant), last.map(|schedule| (schedule.created_at, schedule.id)).or(after), page_size)
    };
    database.read_up_to(LIST_SCHEDULES, params, limit).await
}

/// Makes a run of a schedule now, about the latest period, without moving the schedule on. The same key is the same run.
pub async fn request_run(
    database: &Database,
    tenant: TenantScope,
    schedule: &Schedule,
    run_id: Uuid,
    request_key: &str,
    now: DateTime<Utc>,
) -> Result<Requested, Unchanged> {
    const UNIQUE_VIOLATION: &str = "23505";
    let timetable = schedule.timetable()?;
    let period = timetable.period(now);
    let write = |scheduled_for| {
        let params = of(tenant)
            .uuid("id", schedule.id)
            .uuid("run_id", run_id)
            .text("request_key", request_key)
            .instant("scheduled_for", scheduled_for)
            .text("rhythm", timetable.to_string().as_str())
            .instant("from", period.from)
            .instant("to", period.to)
            .instant("previous_from", period.previous_from);
        database.write_keyed::<Requested>(REQUEST_RUN, params)
    };
    let runs = match write(now).await {
        // Another key in the same microsecond.
        Err(error) if error.is_sqlstate(UNIQUE_VIOLATION) => write(now + TimeDelta::microseconds(1)).await?,
        runs => runs?,
    };
    match runs.first() {
        Some(run) => Ok(*run),
        None if find(database, tenant, schedule.id).await?.is_some() => Err(Unchanged::Nobody),
        None => Err(Unchanged::Unknown),
    }
}
