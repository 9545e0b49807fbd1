//! Reports that fit into memory: read at once, written in any format.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error};
use callmetry_metrics::Window;
use callmetry_metrics::headlines::Headlines;
use callmetry_metrics::ondemand::agent_coaching::AgentCoaching;
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::CampaignPerformance;
use callmetry_metrics::ondemand::qa_performance::QaPerformance;
use callmetry_ondemand::Format;
use callmetry_pdf::Body;
use callmetry_render::{Tabular, csv};
use callmetry_reports::ondemand::{Filter, agent_coaching, call_summary, campaign_performance, qa_performance};
use serde::Serialize;

use crate::draft::Draft;
use crate::failure::Failure;
use crate::task::{Facts, Task};

/// A type of report.
pub trait Whole: Headlines + Serialize + Sized + Tabular {
    /// Its numbers.
    async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self, Error>;
    /// What a document says of them.
    fn body(&self) -> Body<'_>;
}

/// Writes the file of a report.
pub async fn write<R: Whole>(task: &Task<'_>, draft: &mut Draft<'_>) -> Result<Facts, Failure> {
    let read = async |window| R::read(task.database, task.work.subject(), window, task.filter()).await;
    let report = read(task.window).await?;
    let headlines = task.headlines(&report, read).await?;
    let mut document = None;
    match task.work.contents.format {
        Format::Json => draft.write(&serde_json::to_vec(&report)?).await?,
        Format::Csv => {
            let table = csv::table(&report.table(task.section())?, task.work.byte_order_mark)?;
            draft.write(table.as_bytes()).await?;
        }
        Format::Pdf => {
            document = Some(task.write_document(draft, headlines.as_deref(), report.body()).await?);
        }
    }
    Ok(Facts { document, headlines })
}

impl Whole for CallSummary {
    async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self, Error> {
        call_summary::read(database, tenant, window, filter).await
    }

    fn body(&self) -> Body<'_> {
        Body::CallSummary(self)
    }
}

impl Whole for QaPerformance {
    async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self, Error> {
        qa_performance::read(database, tenant, window, filter).await
    }

    fn body(&self) -> Body<'_> {
        Body::QaPerformance(self)
    }
}

impl Whole for AgentCoaching {
    async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self, Error> {
        agent_coaching::read(database, tenant, window, filter).await
    }

    fn body(&self) -> Body<'_> {
        Body::AgentCoaching(self)
    }
}

impl Whole for CampaignPerformance {
    async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self, Error> {
        campaign_performance::read(database, tenant, window, filter).await
    }

    fn body(&self) -> Body<'_> {
        Body::CampaignPerformance(self)
    }
}
