//! Agents: calls, time in state, occupancy, quality.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, instant, sql};
use callmetry_metrics::Window;
use callmetry_metrics::agents::{AgentCounts, Agents, ScoreSum, StateMicros};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Counting, Result, counted_params, page_after};

pub(crate) const AGENT_ACTIVITY: Sql = sql!("sql/agent_activity.sql");

#[derive(Deserialize)]
struct Row {
    agent_id: Uuid,
    agent: String,
    state: String,
    #[serde(with = "instant")]
    state_since: DateTime<Utc>,
    calls: i64,
    talk_secs: i64,
    available_micros: i64,
    busy_micros: i64,
    wrap_micros: i64,
    break_micros: i64,
    offline_micros: i64,
    qa_evaluations: i64,
    qa_scored: i64,
    qa_score_hundredths: i64,
}

/// The activity of every agent of the tenant, or of a team.
pub async fn read(database: &Database, tenant: TenantScope, window: Window, team: Option<&str>) -> Result<Agents> {
    read_by(Counting::Folded, database, tenant, window, team).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    team: Option<&str>,
) -> Result<Agents> {
    let rows: Vec<Row> = database
        .read_pages(AGENT_ACTIVITY, |last: Option<&Row>, page_size| {
            let params = counted_params(tenant, window, counting).text("team", team);
            page_after(params, last.map(|row| (row.agent.as_str(), row.agent_id)), page_size)
        })
        .await?;
    let agents = rows
        .into_iter()
        .map(|row| AgentCounts {
            agent_id: row.agent_id,
            agent: row.agent,
            state: row.state,
            state_since: row.state_since,
            calls: row.calls,
            talk_secs: row.talk_secs,
            states: StateMicros {
                available: row.available_micros,
                busy: row.busy_micros,
                wrap: row.wrap_micros,
                on_break: row.break_micros,
                offline: row.offline_micros,
            },
            quality: ScoreSum {
                evaluations: row.qa_evaluations,
                scored: row.qa_scored,
                hundredths: row.qa_score_hundredths,
            },
        })
        .collect();
    Ok(Agents::new(agents))
}
