//! What evaluations say of agents, drafts included.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, sql};
use callmetry_metrics::agent_scores::{AgentScoreCounts, AgentScores};
use callmetry_metrics::agents::ScoreSum;
use callmetry_metrics::{Decimal2, Window};
use serde::Deserialize;
use uuid::Uuid;

use crate::of;

pub(crate) const SUM_AGENT_SCORES: Sql = sql!("sql/sum_agent_scores.sql");

#[derive(Deserialize)]
struct Row {
    agent_id: Uuid,
    agent: String,
    evaluations: i64,
    submitted: i64,
    passed: i64,
    scored: i64,
    score_hundredths: i64,
    min_score: Option<Decimal2>,
    max_score: Option<Decimal2>,
}

/// The scores of every agent with an evaluation that was begun in the window.
pub async fn read(database: &Database, tenant: TenantScope, window: Window) -> Result<AgentScores, Error> {
    let rows: Vec<Row> = database
        .read_pages(SUM_AGENT_SCORES, |last: Option<&Row>, page_size| {
            of(tenant)
                .instant("from", window.from())
                .instant("to", window.to())
                .text("after_name", last.map(|row| row.agent.as_str()))
                .uuid("after_id", last.map(|row| row.agent_id))
                .integer("page_size", page_size)
        })
        .await?;
    let agents = rows.into_iter().map(|row| AgentScoreCounts {
        agent_id: row.agent_id,
        agent: row.agent,
        scores: ScoreSum { evaluations: row.evaluations, scored: row.scored, hundredths: row.score_hundredths },
        submitted: row.submitted,
        passed: row.passed,
        min_score: row.min_score,
        max_score: row.max_score,
    });
    Ok(AgentScores::new(agents.collect()))
}
