//! Campaigns: the funnel, how attempts ended, and the mood of calls.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::Window;
use callmetry_metrics::ondemand::CodeCounts;
use callmetry_metrics::ondemand::campaign_performance::{CampaignCounts, CampaignPerformance, SentimentCounts};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::{Filter, counted_params, numbered};
use crate::{Counting, Result};

pub(crate) const SUMMARIZE_CAMPAIGNS: Sql = sql!("../sql/summarize_campaigns.sql");

/// A campaign, which has a name; or one of its codes; or one of its weeks.
#[derive(Deserialize)]
struct Row {
    number: i64,
    campaign_id: Uuid,
    campaign: Option<String>,
    code: Option<String>,
    label: Option<String>,
    count: i64,
    leads_dialed: i64,
    human: i64,
    sales: i64,
    week: Option<NaiveDate>,
    positive: i64,
    negative: i64,
    thousandths: i64,
}

/// Every campaign of the tenant, or the one of the filter; of one agent, those with attempts, or calls with a sentiment, of
/// this agent.
pub async fn read(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    filter: Filter,
) -> Result<CampaignPerformance> {
    read_by(Counting::Folded, database, tenant, window, filter).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    filter: Filter,
) -> Result<CampaignPerformance> {
    let rows: Vec<Row> = database
        .read_pages(SUMMARIZE_CAMPAIGNS, |last: Option<&Row>, page_size| {
            numbered(counted_params(tenant, window, filter, counting), last.map(|row| row.number), page_size)
        })
        .await?;
    let mut campaigns: Vec<CampaignCounts> = Vec::new();
    for row in rows {
        if let Some(campaign) = row.campaign {
            campaigns.push(CampaignCounts {
                campaign_id: row.campaign_id,
                campaign,
                attempts: row.count,
                leads_dialed: row.leads_dialed,
                human: row.human,
                sales: row.sales,
                ..Default::default()
            });
            continue;
        }
        // A campaign's own row comes before its parts.
        let Some(campaign) = campaigns.last_mut().filter(|campaign| campaign.campaign_id == row.campaign_id) else {
            continue;
        };
        match (row.code, row.week) {
            (Some(code), _) => {
                campaign.codes.push(CodeCounts { label: row.label.unwrap_or_default(), code, count: row.count });
            }
            (None, Some(week)) => {
                let (positive, negative, thousandths) = (row.positive, row.negative, row.thousandths);
                campaign.weeks.push((week, SentimentCounts { calls: row.count, positive, negative, thousandths }));
            }
            (None, None) => {}
        }
    }
    Ok(CampaignPerformance::new(campaigns))
}
