//! Call volume and telephony quality.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::Window;
use callmetry_metrics::call_volume::{CallCounts, CallVolume};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use crate::{Counting, Result, counted_params};

pub(crate) const CALL_VOLUME: Sql = sql!("sql/call_volume.sql");

#[derive(Deserialize)]
struct Row {
    date: Option<NaiveDate>,
    cause: Option<String>,
    #[serde(flatten)]
    counts: CallCounts,
}

/// What PostgreSQL calls a zone. Four IANA names are to it abbreviations of a fixed offset, which it looks up first: they are
/// named by the zones that they are links to in the IANA database.
pub fn postgres_name(zone: Tz) -> &'static str {
    match zone {
        Tz::CET | Tz::MET => "Europe/Brussels",
        Tz::EET => "Europe/Athens",
        Tz::WET => "Europe/Lisbon",
        zone => zone.name(),
    }
}

/// The volume of all calls of the tenant, or of one campaign's; dates are those of `zone`.
pub async fn read(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
    zone: Tz,
) -> Result<CallVolume> {
    read_by(Counting::Folded, database, tenant, window, campaign, zone).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
    zone: Tz,
) -> Result<CallVolume> {
    // At most 3,661 dates and ten causes, 120 bytes each: always within one answer.
    let params =
        counted_params(tenant, window, counting).uuid("campaign_id", campaign).text("timezone", postgres_name(zone));
    let rows: Vec<Row> = database.read(CALL_VOLUME, params).await?;
    let mut days = Vec::with_capacity(rows.len());
    let mut causes = Vec::new();
    for row in rows {
        match (row.date, row.cause) {
            (Some(date), _) => days.push((date, row.counts)),
            (None, cause) => causes.push((cause.unwrap_or_default(), row.counts.calls)),
        }
    }
    Ok(CallVolume::new(days, causes))
}
