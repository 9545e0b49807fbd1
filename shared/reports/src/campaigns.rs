//! The campaign funnel.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::campaigns::{CampaignCounts, Campaigns, FunnelCounts};
use callmetry_metrics::{Decimal2, Window};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Counting, Result, counted_params, page_after};

pub(crate) const CAMPAIGN_FUNNEL: Sql = sql!("sql/campaign_funnel.sql");

#[derive(Deserialize)]
struct Row {
    campaign_id: Uuid,
    campaign: String,
    abandonment_cap: Decimal2,
    #[serde(flatten)]
    counts: FunnelCounts,
    tenant_leads_dialed: i64,
}

/// The funnel of every campaign of the tenant, or of one.
pub async fn read(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Campaigns> {
    read_by(Counting::Folded, database, tenant, window, campaign).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Campaigns> {
    let rows: Vec<Row> = database
        .read_pages(CAMPAIGN_FUNNEL, |last: Option<&Row>, page_size| {
            let params = counted_params(tenant, window, counting).uuid("campaign_id", campaign);
            page_after(params, last.map(|row| (row.campaign.as_str(), row.campaign_id)), page_size)
        })
        .await?;
    let tenant_leads_dialed = rows.first().map_or(0, |row| row.tenant_leads_dialed);
    let campaigns = rows
        .into_iter()
        .map(|row| CampaignCounts {
            campaign_id: row.campaign_id,
            campaign: row.campaign,
            abandonment_cap: row.abandonment_cap,
            counts: row.counts,
        })
        .collect();
    Ok(Campaigns::new(campaigns, tenant_leads_dialed))
}
