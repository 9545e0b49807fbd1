//! Call volume and telephony quality.

use callmetry_host::{Call, Error, FieldError, Query, Reply, ReportQuery, Supervisor};
use callmetry_metrics::call_volume::CallVolume;
use callmetry_reports::call_volume;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use uuid::Uuid;

/// The query.
struct Parameters {
    /// `from`, `to`, `tenant_id`, `format`, `section`, `bom`.
    report: ReportQuery,
    /// Only this campaign.
    campaign_id: Option<Uuid>,
    /// The zone of the daily trend, by its IANA name; UTC by default.
    timezone: Tz,
}

impl Parameters {
    fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let parameters = Self {
            report: ReportQuery::read::<CallVolume>(&mut query, now),
            campaign_id: query.uuid("campaign_id"),
            timezone: query
                .parsed("timezone", "an IANA time zone such as Europe/Madrid, in this spelling")
                .unwrap_or(Tz::UTC),
        };
        query.finish()?;
        Ok(parameters)
    }
}

/// The report's own part.
#[derive(Serialize)]
struct Part<'a> {
    timezone: &'static str,
    #[serde(flatten)]
    volume: &'a CallVolume,
}

/// PostgreSQL: invalid_parameter_value, here a zone that its own time zone data does not have.
const UNKNOWN_ZONE: &str = "22023";

/// Answers with the report as JSON or CSV.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.report.tenant_id).await?;
    let window = parameters.report.window()?;
    let zone = parameters.timezone;
    let volume = match call_volume::read(&call.database, tenant, window, parameters.campaign_id, zone).await {
        Err(error) if error.is_sqlstate(UNKNOWN_ZONE) => {
            let message = "is not known to the database".to_owned();
            return Err(Error::Invalid(vec![FieldError { field: "timezone".into(), message }]));
        }
        outcome => outcome?,
    };
    let part = Part { timezone: zone.name(), volume: &volume };
    call.report(&parameters.report, "call-volume", tenant, &part, &volume)
}
