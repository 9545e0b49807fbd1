//! Agents: calls, time in state, occupancy, quality.

use callmetry_host::{Call, Error, Query, Reply, ReportQuery, Supervisor};
use callmetry_reports::agents;
use chrono::{DateTime, Utc};

/// The query.
struct Parameters {
    /// `from`, `to`, `tenant_id`, `format`.
    report: ReportQuery,
    /// Only agents of this team.
    team: Option<String>,
}

impl Parameters {
    fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let parameters = Self { report: ReportQuery::read(&mut query, now), team: query.text("team") };
        query.finish()?;
        Ok(parameters)
    }
}

/// Answers with the report as JSON.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.report.tenant_id).await?;
    let window = parameters.report.window()?;
    let part = agents::read(&call.database, tenant, window, parameters.team.as_deref()).await?;
    call.report("agents", tenant, window, part)
}
