//! A summary of calls.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::Window;
use callmetry_metrics::call_volume::CallCounts;
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::{CodeCounts, Named};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::{Filter, counted_params, numbered};
use crate::{Counting, Result};

pub(crate) const SUMMARIZE_CALLS: Sql = sql!("../sql/summarize_calls.sql");

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Date,
    Campaign,
    Disposition,
}

#[derive(Deserialize)]
struct Row {
    number: i64,
    part: Part,
    date: Option<NaiveDate>,
    campaign_id: Option<Uuid>,
    name: Option<String>,
    code: Option<String>,
    #[serde(flatten)]
    counts: CallCounts,
}

/// The summary of the calls that a filter leaves.
pub async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<CallSummary> {
    read_by(Counting::Folded, database, tenant, window, filter).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    filter: Filter,
) -> Result<CallSummary> {
    let rows: Vec<Row> = database
        .read_pages(SUMMARIZE_CALLS, |last: Option<&Row>, page_size| {
            numbered(counted_params(tenant, window, filter, counting), last.map(|row| row.number), page_size)
        })
        .await?;
    let (mut dates, mut campaigns, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row.part {
            Part::Date => dates.push((row.date.unwrap_or_default(), row.counts)),
            Part::Campaign => campaigns.push((Named { id: row.campaign_id, name: row.name }, row.counts)),
            Part::Disposition => codes.push(CodeCounts {
                code: row.code.unwrap_or_default(),
                label: row.name.unwrap_or_default(),
                count: row.counts.calls,
            }),
        }
    }
    Ok(CallSummary::new(dates, campaigns, codes))
}
