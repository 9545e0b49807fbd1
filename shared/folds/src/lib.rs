//! Folding: slots and days of the dialer's tables are counted once, so that a report reads the counts. What was touched since is counted
//! again, in steps; `docs/FOLDING.md` says how, and why reports are exact at every moment, whatever was folded.
//!
//! Nothing here answers a report: `callmetry-reports` asks the functions of `migrations/0012_folded_counts.sql`, which read what
//! is folded and what was touched since.
//!
//! A step is one transaction that sees one moment, under a lock of its tenant: what it counts again and what it forgets to be touched are of
//! the same moment. Killed half-way, nothing of it has happened. Two at once take different tenants, or one of them nothing.
#![warn(missing_docs)]

mod sources;
mod step;

use std::collections::HashSet;
use std::time::Duration;

use callmetry_database::{Database, Error, Params, Sql, instant, sql};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

pub use step::{Sizes, Step, step};

const LIST_UNFOLDED: Sql = sql!("sql/list_unfolded.sql");
const FORGET_TENANT: Sql = sql!("sql/forget_tenant.sql");
const FOLD_STATE: Sql = sql!("sql/fold_state.sql");

/// How long a tenant rests after all of it was folded: the slot in which a dialer writes is not counted again every minute.
const REST: Duration = Duration::from_secs(5 * 60);
/// Tenants of one round.
const ROUND: i64 = 100;
/// The least time in which a step is begun: each of its statements may take the service's 45 seconds, and mostly takes a few.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// What a turn folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps that were done.
    pub steps: usize,
    /// Steps that somebody else was doing.
    pub busy: usize,
    /// Tenants of which a step failed. It is done again in a later turn.
    pub failed: usize,
    /// Whether something is left to fold, be it that the time was up or that its tenant rests; of tenants that failed it does not
    /// count, or what always fails would keep the database awake for ever.
    pub is_unfinished: bool,
}

/// Folds what was touched, one step of each tenant after the other, until nothing is left or it is too late to begin another.
pub async fn fold(database: &Database, deadline: Instant) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let failed = work(database, deadline, &mut tally).await?;
    tally.failed = failed.len();
    tally.is_unfinished =
        unfolded(database, Duration::ZERO, ROUND).await?.iter().any(|tenant| !failed.contains(tenant));
    Ok(tally)
}

/// Says of which tenants a step failed.
async fn work(database: &Database, deadline: Instant, tally: &mut Tally) -> Result<HashSet<Uuid>, Error> {
    let mut failed = HashSet::new();
    loop {
        let tenants = unfolded(database, REST, ROUND).await?;
        let mut did_any = false;
        for tenant in tenants.iter().copied() {
            if failed.contains(&tenant) {
                continue;
            }
            if deadline.saturating_duration_since(Instant::now()) < TO_BEGIN {
                return Ok(failed);
            }
            match step(database, tenant, &Sizes::default()).await {
                Ok(Step::Busy) => tally.busy += 1,
                Ok(Step::Done | Step::More) => {
                    tally.steps += 1;
                    did_any = true;
                }
                Err(error) => {
                    tracing::error!(%tenant, %error, "a step of folding failed");
                    failed.insert(tenant);
                }
            }
        }
        // A tenant that was done rests, and others have what is busy.
        if !did_any {
            return Ok(failed);
        }
    }
}

/// So many tenants that have something to fold, and had nothing left last so long ago.
async fn unfolded(database: &Database, rest: Duration, limit: i64) -> Result<Vec<Uuid>, Error> {
    #[derive(Deserialize)]
    struct Row {
        id: Uuid,
    }
    let params = Params::new().integer("rest_secs", rest.as_secs() as i64).integer("limit", limit);
    let rows: Vec<Row> = database.read(LIST_UNFOLDED, params).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Has a tenant folded from nothing again, by the next steps. Until these are done, plain SQL reads its reports. Says whether anything of
/// it was folded.
pub async fn rebuild(database: &Database, tenant: Uuid) -> Result<bool, Error> {
    // Done twice it is the same.
    let rows: Vec<serde::de::IgnoredAny> = database.write_keyed(FORGET_TENANT, tenant_params(tenant)).await?;
    Ok(!rows.is_empty())
}

/// How far the folding of a tenant is.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct State {
    /// Whether leads of all slots are folded: false before the tenant was folded, and while it is folded anew.
    pub is_whole: bool,
    /// Leads are folded up to this instant; null for all or none.
    #[serde(deserialize_with = "instant::optional::deserialize")]
    pub leads_to: Option<DateTime<Utc>>,
    /// When nothing was left to fold, last.
    #[serde(deserialize_with = "instant::optional::deserialize")]
    pub folded_at: Option<DateTime<Utc>>,
    /// Attempts that came or went since.
    pub touched_leads: i64,
    /// Slots of campaigns whose attempts are to be counted again.
    pub touched_cells: i64,
    /// Hours whose calls, agents' states or do-not-call entries are.
    pub touched_hours: i64,
    /// Leads and campaigns whose zone or calling hours changed.
    pub changed_zones: i64,
}

/// How far the folding of a tenant is.
pub async fn state(database: &Database, tenant: Uuid) -> Result<State, Error> {
    database
        .read_optional(FOLD_STATE, tenant_params(tenant))
        .await?
        .ok_or_else(|| Error::Decode("no state of a fold".into()))
}

pub(crate) fn tenant_params(tenant: Uuid) -> Params {
    Params::new().uuid("tenant_id", tenant)
}

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let tenant = || Params::new().text("tenant_id", None);
    let mut statements = vec![
        (LIST_UNFOLDED, Params::new().integer("rest_secs", None).integer("limit", None)),
        (FORGET_TENANT, tenant()),
        (FOLD_STATE, tenant()),
    ];
    statements.extend(step::statements());
    statements.extend(sources::statements());
    statements
}
