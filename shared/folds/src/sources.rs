//! What is counted by hour and nothing more: calls, agents' states, do-not-call entries.

use callmetry_database::{Error, Params, Sql, Transaction, sql};
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::tenant_params;

const HAS_HOURS: Sql = sql!("sql/has_hours.sql");
const SETTLE_HOURS: Sql = sql!("sql/settle_hours.sql");

/// A source, as `changed_hours` names it, with the statements that count its hours again.
struct Source {
    name: &'static str,
    counts: &'static [Sql],
}

const SOURCES: [Source; 3] = [
    Source {
        name: "calls",
        counts: &[
            sql!("sql/fold_calls.sql"),
            sql!("sql/fold_call_causes.sql"),
            sql!("sql/fold_call_codes.sql"),
            sql!("sql/fold_agent_calls.sql"),
        ],
    },
    Source { name: "states", counts: &[sql!("sql/fold_agent_states.sql")] },
    Source { name: "dnc", counts: &[sql!("sql/fold_dnc_entries.sql")] },
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
        for count in source.counts {
            transaction.run::<IgnoredAny>(*count, params()).await?;
        }
        let settled: Vec<Settled> = transaction.run(SETTLE_HOURS, params().text("source", source.name)).await?;
        is_more |= settled.first().is_some_and(|settled| settled.hours == hours);
    }
    Ok(is_more)
}

pub(crate) fn statements() -> Vec<(Sql, Params)> {
    let tenant = || Params::new().text("tenant_id", None);
    let mut statements = vec![
        (HAS_HOURS, tenant().text("source", None)),
        (SETTLE_HOURS, tenant().text("source", None).integer("hours", None)),
    ];
    for source in &SOURCES {
        statements.extend(source.counts.iter().map(|count| (*count, tenant().integer("hours", None))));
    }
    statements
}
