//! Coaching: agents, the weakest first, and what costs them most.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, json, sql};
use callmetry_metrics::Window;
use callmetry_metrics::agents::StateMicros;
use callmetry_metrics::ondemand::agent_coaching::{AgentCoaching, AgentCounts};
use callmetry_metrics::ondemand::{ParameterCounts, QualityCounts};
use serde::Deserialize;
use uuid::Uuid;

use super::{Filter, counted_params};
use crate::{Counting, Result, page_after};

pub(crate) const COACH_AGENTS: Sql = sql!("../sql/coach_agents.sql");

#[derive(Deserialize)]
struct Row {
    agent_id: Uuid,
    agent: String,
    calls: i64,
    talk_secs: i64,
    available_micros: i64,
    busy_micros: i64,
    wrap_micros: i64,
    #[serde(flatten)]
    quality: QualityCounts,
    #[serde(deserialize_with = "json::deserialize")]
    lowest: Vec<ParameterCounts>,
}

/// Every agent of the tenant, or the one of the filter; of one campaign, those with calls or evaluations of it.
pub async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<AgentCoaching> {
    read_by(Counting::Folded, database, tenant, window, filter).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    filter: Filter,
) -> Result<AgentCoaching> {
    let rows: Vec<Row> = database
        .read_pages(COACH_AGENTS, |last: Option<&Row>, page_size| {
            let last = last.map(|row| (row.agent.as_str(), row.agent_id));
            page_after(counted_params(tenant, window, filter, counting), last, page_size)
        })
        .await?;
    let agents = rows.into_iter().map(|row| AgentCounts {
        agent_id: row.agent_id,
        agent: row.agent,
        calls: row.calls,
        talk_secs: row.talk_secs,
        states: StateMicros {
            available: row.available_micros,
            busy: row.busy_micros,
            wrap: row.wrap_micros,
            ..Default::default()
        },
        quality: row.quality,
        lowest: row.lowest,
    });
    Ok(AgentCoaching::new(agents.collect()))
}
