//! Agents: calls, time in state, occupancy, quality.

use callmetry_host::{Call, Error, Query, Reply, ReportQuery, Supervisor};
use callmetry_metrics::agents::Agents;
use callmetry_reports::agents;
use chrono::{DateTime, Utc};

/// The query.
struct Parameters {
    /// `from`, `to`, `tenant_id`, `format`, `bom`.
    report: ReportQuery,
    /// Only agents of this team.
    team: Option<String>,
}

impl Parameters {
    fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let parameters = Self { report: ReportQuery::read::<Agents>(&mut query, now), team: query.text("team") };
        query.finish()?;
        Ok(parameters)
    }
}

/// Answers with the report as JSON or CSV.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.report.tenant_id).await?;
    let window = parameters.report.window()?;
    let report = agents::read(&call.database, tenant, window, parameters.team.as_deref()).await?;
    call.report(&parameters.report, "agents", tenant, &report, &report)
}
