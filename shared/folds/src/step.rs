//! One step: a transaction that folds a part of what was touched.

use callmetry_database::{Database, Error, Params, Sql, Transaction, sql};
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::{sources, tenant_params};

const BEGIN_FOLD: Sql = sql!("sql/begin_fold.sql");
const LOCK_FOLD: Sql = sql!("sql/lock_fold.sql");
const START_FOLD: Sql = sql!("sql/start_fold.sql");
const FORGET_FOLD: Sql = sql!("sql/forget_fold.sql");
const CUT_FOLD: Sql = sql!("sql/cut_fold.sql");
const FOLD_LINKS: Sql = sql!("sql/fold_links.sql");
const FOLD_ATTEMPTS: Sql = sql!("sql/fold_attempts.sql");
const SETTLE_CELLS: Sql = sql!("sql/settle_cells.sql");
const SETTLE_LEADS: Sql = sql!("sql/settle_leads.sql");
const SPREAD_ZONES: Sql = sql!("sql/spread_zones.sql");
const END_STEP: Sql = sql!("sql/end_step.sql");

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is left of what was touched before it began.
    Done,
    /// Something is left.
    More,
    /// Somebody else folds this tenant, or did while this began.
    Busy,
}

/// How much one step takes, so that its statements stay below the service's 45 seconds.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Attempts whose leads are folded for the first time.
    pub attempts: i64,
    /// Attempts that came or went in slots whose leads are folded. These cannot be taken in part; where there are more, or where they may
    /// be of more rows of links, leads are folded again from the first day that has any.
    pub leads: i64,
    /// Rows of links, each of two days and a campaign, or the tenant, of either: such a row is written anew as a whole.
    pub link_rows: i64,
    /// Slots of campaigns whose attempts are counted again.
    pub cells: i64,
    /// Days of campaigns that these are of. Each is written anew as a whole, which takes some milliseconds however few of its slots were
    /// touched.
    pub days: i64,
    /// Hours whose calls, states or entries are.
    pub hours: i64,
    /// Leads and campaigns whose zone or calling hours changed.
    pub zones: i64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            attempts: 500_000,
            leads: 60_000,
            link_rows: 16_000,
            cells: 24_000,
            days: 1_000,
            hours: 100,
            zones: 2_000,
        }
    }
}

/// Folds a part of what was touched of a tenant. After an error nothing of it has happened, but after
/// [`Error::OutcomeUnknown`] all of it may have.
pub async fn step(database: &Database, tenant: Uuid, sizes: &Sizes) -> Result<Step, Error> {
    let transaction = database.begin().await?;
    match take(&transaction, tenant, sizes).await {
        Ok(Step::Busy) => {
            transaction.rollback().await;
            Ok(Step::Busy)
        }
        Ok(outcome) => busy_if_overtaken(transaction.commit().await.map(|()| outcome)),
        Err(error) => {
            transaction.rollback().await;
            busy_if_overtaken(Err(error))
        }
    }
}

/// A transaction of an older moment than somebody else's fails on what that one wrote, and has done nothing.
fn busy_if_overtaken(outcome: Result<Step, Error>) -> Result<Step, Error> {
    const SERIALIZATION_FAILURE: &str = "40001";
    const DEADLOCK: &str = "40P01";
    match outcome {
        Err(error) if error.is_sqlstate(SERIALIZATION_FAILURE) || error.is_sqlstate(DEADLOCK) => Ok(Step::Busy),
        outcome => outcome,
    }
}

/// What a step finds.
#[derive(Deserialize)]
struct Fold {
    is_started: bool,
    is_whole: bool,
    leads: i64,
    link_rows: i64,
    first_day: Option<String>,
    upto: String,
}

async fn take(transaction: &Transaction, tenant: Uuid, sizes: &Sizes) -> Result<Step, Error> {
    transaction.run::<IgnoredAny>(BEGIN_FOLD, Params::new()).await?;
    let params = tenant_params(tenant).integer("attempts", sizes.attempts).integer("link_rows", sizes.link_rows);
    let fold = match transaction.run::<Fold>(LOCK_FOLD, params).await?.pop() {
        Some(fold) if fold.is_started => fold,
        forgotten => return start(transaction, tenant, forgotten.is_some()).await,
    };
    let mut is_more = false;
    match fold.first_day {
        Some(day) if fold.leads > sizes.leads || fold.link_rows > sizes.link_rows => {
            transaction.run::<IgnoredAny>(CUT_FOLD, tenant_params(tenant).text("day", day.as_str())).await?;
            is_more = true;
        }
        _ => {
            if fold.leads > 0 || !fold.is_whole {
                fold_leads(transaction, tenant, &fold).await?;
                is_more = fold.upto != INFINITY;
            }
            // Leads of all slots come first: what is counted again is then counted by whole days.
            if !is_more {
                is_more = count_again(transaction, tenant, sizes).await?;
            }
        }
    }
    let params = tenant_params(tenant).flag("is_done", !is_more);
    transaction.run::<IgnoredAny>(END_STEP, params).await?;
    Ok(if is_more { Step::More } else { Step::Done })
}

/// As PostgreSQL writes it.
const INFINITY: &str = "infinity";

/// Begins from nothing: a fold that was forgotten, which this step has taken, or one that was not there, unless it is there by now.
async fn start(transaction: &Transaction, tenant: Uuid, is_there: bool) -> Result<Step, Error> {
    let params = tenant_params(tenant).flag("is_there", is_there);
    let started: Vec<IgnoredAny> = transaction.run(START_FOLD, params).await?;
    if started.is_empty() {
        return Ok(Step::Busy);
    }
    transaction.run::<IgnoredAny>(FORGET_FOLD, tenant_params(tenant)).await?;
    Ok(Step::More)
}

/// Leads that were touched, and the next slots that are not folded.
async fn fold_leads(transaction: &Transaction, tenant: Uuid, fold: &Fold) -> Result<(), Error> {
    let params = || tenant_params(tenant).text("upto", fold.upto.as_str());
    transaction.run::<IgnoredAny>(FOLD_LINKS, params()).await?;
    transaction.run::<IgnoredAny>(SETTLE_LEADS, params()).await?;
    Ok(())
}

/// Attempts whose leads are as they were, and the other sources. Says whether there may be more.
async fn count_again(transaction: &Transaction, tenant: Uuid, sizes: &Sizes) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Spread {
        zones: i64,
    }
    #[derive(Deserialize)]
    struct Counted {
        is_more: bool,
    }
    let params = tenant_params(tenant).integer("zones", sizes.zones);
    let spread: Vec<Spread> = transaction.run(SPREAD_ZONES, params).await?;
    let params = || tenant_params(tenant).integer("cells", sizes.cells).integer("days", sizes.days);
    transaction.run::<IgnoredAny>(FOLD_ATTEMPTS, params()).await?;
    let counted: Vec<Counted> = transaction.run(SETTLE_CELLS, params()).await?;
    let is_more = spread.first().is_some_and(|spread| spread.zones == sizes.zones)
        || counted.first().is_some_and(|counted| counted.is_more);
    Ok(sources::fold_hours(transaction, tenant, sizes.hours).await? || is_more)
}

pub(crate) fn statements() -> Vec<(Sql, Params)> {
    let tenant = || Params::new().text("tenant_id", None);
    vec![
        (BEGIN_FOLD, Params::new()),
        (LOCK_FOLD, tenant().integer("attempts", None).integer("link_rows", None)),
        (START_FOLD, tenant().flag("is_there", None)),
        (FORGET_FOLD, tenant()),
        (CUT_FOLD, tenant().text("day", None)),
        (FOLD_LINKS, tenant().text("upto", None)),
        (FOLD_ATTEMPTS, tenant().integer("cells", None).integer("days", None)),
        (SETTLE_CELLS, tenant().integer("cells", None).integer("days", None)),
        (SETTLE_LEADS, tenant().text("upto", None)),
        (SPREAD_ZONES, tenant().integer("zones", None)),
        (END_STEP, tenant().flag("is_done", None)),
    ]
}
