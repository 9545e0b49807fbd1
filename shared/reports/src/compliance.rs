//! Compliance: the do-not-call list, abandonment and calling hours.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::compliance::{CampaignCompliance, Compliance, DncSource};
use callmetry_metrics::{Decimal2, Window};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Counting, Result, counted_params, page_after};

pub(crate) const DNC_ENTRIES: Sql = sql!("sql/dnc_entries.sql");
pub(crate) const CAMPAIGN_COMPLIANCE: Sql = sql!("sql/campaign_compliance.sql");

#[derive(Deserialize)]
struct Row {
    campaign_id: Uuid,
    campaign: String,
    abandonment_cap: Decimal2,
    has_hours: bool,
    attempts: i64,
    abandoned: i64,
    inside: i64,
}

/// Compliance of every campaign of the tenant, or of one. The do-not-call list is the tenant's in either case.
pub async fn read(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Compliance> {
    read_by(Counting::Folded, database, tenant, window, campaign).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Compliance> {
    let sources = database.read::<DncSource>(DNC_ENTRIES, counted_params(tenant, window, counting));
    let campaigns = database.read_pages(CAMPAIGN_COMPLIANCE, |last: Option<&Row>, page_size| {
        let params = counted_params(tenant, window, counting).uuid("campaign_id", campaign);
        page_after(params, last.map(|row| (row.campaign.as_str(), row.campaign_id)), page_size)
    });
    let (sources, campaigns) = tokio::try_join!(sources, campaigns)?;
    let campaigns = campaigns
        .into_iter()
        .map(|row| CampaignCompliance {
            campaign_id: row.campaign_id,
            campaign: row.campaign,
            abandonment_cap: row.abandonment_cap,
            has_hours: row.has_hours,
            attempts: row.attempts,
            abandoned: row.abandoned,
            inside: row.inside,
        })
        .collect();
    Ok(Compliance::new(sources, campaigns))
}
