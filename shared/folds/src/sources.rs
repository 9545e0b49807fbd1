//! What is counted by hour and nothing more: calls, agents' states, do-not-call entries.

use callmetry_database::{Error, Params, Sql, Transaction, sql};
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::tenant_params;

const HAS_HOURS: Sql = sql!("sql/has_hours.sql");
const FOLD_CALLS: Sql = sql!("sql/fold_calls.sql");
const FOLD_STATES: Sql = sql!("sql/fold_states.sql");
const FOLD_ENTRIES: Sql = sql!("sql/fold_entries.sql");
const SETTLE_HOURS: Sql = sql!("sql/settle_hours.sql");

/// A source, as `changed_hours` names it.
struct Source {
    name: &'static str,
    /// Counts hours of what has a table of its own.
    sums: Option<Sql>,
    /// The kinds of `folded_entries` that its hours hold.
    kinds: &'static [&'static str],
}

const SOURCES: [Source; 3] = [
    Source {
        name: "calls",
        sums: Some(FOLD_CALLS),
        kinds: &["causes", "campaign_causes", "codes", "campaign_codes", "agents"],
    },
    Source { name: "states", sums: Some(FOLD_STATES), kinds: &[] },
    Source { name: "dnc", sums: None, kinds: &["dnc"] },
];

/// Counts touched hours again, so many at most of each source. Says whether there may be more.
pub(crate) async fn fold_hours(transaction: &Transaction, tenant: Uuid, hours: i64) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Settled {
        hours: i64,
    }
    let params = || tenant_params(tenant).integer("hours", hours);
    let mut is_more = false;
    for source in &SOURCES {
        let touched: Vec<IgnoredAny> =
            transaction.run(HAS_HOURS, tenant_params(tenant).text("source", source.name)).await?;
        if touched.is_empty() {
            continue;
        }
        if let Some(sums) = source.sums {
            transaction.run::<IgnoredAny>(sums, params()).await?;
        }
        let params = || params().text("source", source.name);
        for kind in source.kinds {
            transaction.run::<IgnoredAny>(FOLD_ENTRIES, params().text("kind", *kind)).await?;
        }
        let settled: Vec<Settled> = transaction.run(SETTLE_HOURS, params()).await?;
        is_more |= settled.first().is_some_and(|settled| settled.hours == hours);
    }
    Ok(is_more)
}

pub(crate) fn statements() -> Vec<(Sql, Params)> {
    let tenant = || Params::new().text("tenant_id", None);
    let source = || tenant().text("source", None);
    vec![
        (HAS_HOURS, source()),
        (FOLD_CALLS, tenant().integer("hours", None)),
        (FOLD_STATES, tenant().integer("hours", None)),
        (FOLD_ENTRIES, source().integer("hours", None).text("kind", None)),
        (SETTLE_HOURS, source().integer("hours", None)),
    ]
}
