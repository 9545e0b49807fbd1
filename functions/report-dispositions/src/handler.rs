//! Dispositions of dial attempts.

use callmetry_host::{Call, Error, Query, Reply, ReportQuery, Supervisor};
use callmetry_metrics::dispositions::Dispositions;
use callmetry_reports::dispositions;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The query.
struct Parameters {
    /// `from`, `to`, `tenant_id`, `format`, `bom`.
    report: ReportQuery,
    /// Only this campaign.
    campaign_id: Option<Uuid>,
}

impl Parameters {
    fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let parameters =
            Self { report: ReportQuery::read::<Dispositions>(&mut query, now), campaign_id: query.uuid("campaign_id") };
        query.finish()?;
        Ok(parameters)
    }
}

/// Answers with the report as JSON or CSV.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.report.tenant_id).await?;
    let window = parameters.report.window()?;
    let report = dispositions::read(&call.database, tenant, window, parameters.campaign_id).await?;
    call.report(&parameters.report, "dispositions", tenant, &report, &report)
}
