//! QA scores by agent.

use callmetry_host::{Call, Error, Reply, ReportQuery, Supervisor};
use callmetry_metrics::agent_scores::AgentScores;
use callmetry_qa::agent_scores;

/// Answers with the report as JSON or CSV.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let mut query = std::mem::take(&mut call.query);
    // `from`, `to`, `format`, `bom`.
    let parameters = ReportQuery::read_own::<AgentScores>(&mut query, call.now);
    query.finish()?;
    let tenant = call.caller.own_tenant();
    let report = agent_scores::read(&call.database, tenant, parameters.window()?).await?;
    call.report(&parameters, "agent-scores", tenant, &report, &report)
}
