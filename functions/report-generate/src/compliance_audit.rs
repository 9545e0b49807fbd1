//! The compliance audit, whose violations may be more than fit into memory: they pass through it page by page.

use callmetry_metrics::Window;
use callmetry_metrics::ondemand::compliance_audit::{AuditSummary, ComplianceAudit};
use callmetry_ondemand::Format;
use callmetry_pdf::Body;
use callmetry_render::{AuditJson, Tabular, csv};
use callmetry_reports::ondemand::compliance_audit::Audit;
use futures::TryStreamExt;

use crate::draft::Draft;
use crate::failure::Failure;
use crate::task::{Facts, Task};

/// Violations of a document. It says how many there are, and that a CSV has them all.
const SHOWN: usize = 500;

/// Writes the file.
pub async fn write(task: &Task<'_>, draft: &mut Draft<'_>) -> Result<Facts, Failure> {
    // One after the other: a snapshot holds a transaction, and waits for nothing.
    let begin = async |window: Window| Audit::begin(task.database, task.work.subject(), window, task.filter()).await;
    let audit = begin(task.window).await?;
    let summary = audit.summary.clone();
    let shown = match task.work.contents.format {
        Format::Json => write_json(audit, &summary, draft).await.map(|()| None)?,
        Format::Csv => write_csv(task, audit, &summary, draft).await.map(|()| None)?,
        Format::Pdf => Some(audit.first(SHOWN).await?),
    };
    let previous = async |window| {
        let audit = begin(window).await?;
        let summary = audit.summary.clone();
        audit.end().await;
        Ok(summary)
    };
    let headlines = task.headlines(&summary, previous).await?;
    let Some(violations) = shown else { return Ok(Facts { document: None, headlines }) };
    let body = Body::ComplianceAudit(summary.with(&violations));
    let document = task.write_document(draft, headlines.as_deref(), body).await?;
    Ok(Facts { document: Some(document), headlines })
}

async fn write_json(audit: Audit, summary: &AuditSummary, draft: &mut Draft<'_>) -> Result<(), Failure> {
    let (mut json, head) = AuditJson::begin(summary)?;
    draft.write(head.as_bytes()).await?;
    let mut pages = std::pin::pin!(audit.pages());
    while let Some(page) = pages.try_next().await? {
        draft.write(json.page(&page)?.as_bytes()).await?;
    }
    draft.write(json.end().as_bytes()).await
}

async fn write_csv(
    task: &Task<'_>,
    audit: Audit,
    summary: &AuditSummary,
    draft: &mut Draft<'_>,
) -> Result<(), Failure> {
    let table = summary.with(&[]).table(task.section())?;
    draft.write(csv::table(&table, task.work.byte_order_mark)?.as_bytes()).await?;
    // The first of the sections is that of the violations.
    let is_violations = task.section().is_empty() || ComplianceAudit::SECTIONS.first() == Some(&task.section());
    if !is_violations {
        audit.end().await;
        return Ok(());
    }
    let mut pages = std::pin::pin!(audit.pages());
    while let Some(page) = pages.try_next().await? {
        let rows = csv::rows(&summary.with(&page).table(task.section())?)?;
        draft.write(rows.as_bytes()).await?;
    }
    Ok(())
}
