//! The PDF of an on-demand report: a document that can be sent on as it is.
//!
//! How a document comes about:
//! 1. [`render`] takes the report's data and what stands on its first page. No number is computed here.
//! 2. `reports/<type>.rs` says what the document has: sections, tables, charts and definitions, as a `view::View` whose texts are
//!    already written for people.
//! 3. The view becomes JSON, which `templates/report.typ` reads. Data is never part of the template's source, so whatever
//!    it says is shown and never run.
//! 4. typst typesets it (`typeset.rs`) and writes a tagged PDF that conforms to PDF/UA-1 wherever its names allow, with the fonts of `fonts/` embedded.
//!
//! How to add a section: make it in the report's file; a new kind of chart also needs its drawing in `templates/charts.typ`.
//! `cargo run -p callmetry-pdf --example samples -- DIR` writes documents of every type to look at.
#![warn(missing_docs)]

mod error;
mod fonts;
mod numbers;
mod reports;
mod scale;
mod text;
mod typeset;
mod view;

use callmetry_metrics::ondemand::agent_coaching::AgentCoaching;
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::CampaignPerformance;
use callmetry_metrics::ondemand::compliance_audit::ComplianceAudit;
use callmetry_metrics::ondemand::qa_performance::QaPerformance;
use callmetry_render::{HeadlineText, Period};
use chrono::{DateTime, Utc};

pub use error::Error;
pub use reports::MOST_VIOLATIONS;

/// What stands on the first page, whatever the type.
#[derive(Clone, Debug)]
pub struct Header {
    /// The report's id.
    pub report_id: String,
    /// The name of the tenant.
    pub tenant: String,
    /// The days that the report is about.
    pub period: Period,
    /// Those that the headlines are compared with; none if they are not compared.
    pub previous: Option<Period>,
    /// The IANA name of the zone that the days are of.
    pub zone: String,
    /// What the report was narrowed to: the filter's name, and its value for people, such as `("Campaign", "Spring sale")`.
    pub filters: Vec<(String, String)>,
    /// When the report was asked for. It is also the date of the document, so that the same report is the same bytes.
    pub created_at: DateTime<Utc>,
    /// The report's main figures.
    pub headlines: Vec<HeadlineText>,
}

/// The data of a report.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A summary of calls.
    CallSummary(&'a CallSummary),
    /// What submitted evaluations say.
    QaPerformance(&'a QaPerformance),
    /// Compliance checks. Its violations are at most the first [`MOST_VIOLATIONS`]; more of them are not shown.
    ComplianceAudit(ComplianceAudit<'a>),
    /// Agents, the weakest first.
    AgentCoaching(&'a AgentCoaching),
    /// Campaigns.
    CampaignPerformance(&'a CampaignPerformance),
}

/// A document.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// The document of a report: the same bytes for the same input.
///
/// # Errors
/// None that input could cause is known: texts are data, whatever they say. An error is a fault of the template.
pub fn render(header: &Header, body: Body<'_>) -> Result<Pdf, Error> {
    let view = reports::view(header, body);
    let data = serde_json::to_vec(&view)?;
    drop(view);
    typeset::typeset(data, header)
}
