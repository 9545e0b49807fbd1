//! What the document of each type has.

mod agent_coaching;
mod call_summary;
mod campaign_performance;
mod compliance_audit;
mod qa_performance;

pub use compliance_audit::MOST_VIOLATIONS;

use crate::view::{Headline, Section, View};
use crate::{Body, Header, text};

/// A title, sections, and the definitions of their figures.
struct Content {
    title: &'static str,
    sections: Vec<Section>,
    definitions: Vec<(&'static str, &'static str)>,
}

/// The whole document.
pub fn view(header: &Header, body: Body<'_>) -> View {
    let content = match body {
        Body::CallSummary(report) => call_summary::content(report),
        Body::QaPerformance(report) => qa_performance::content(report),
        Body::ComplianceAudit(report) => compliance_audit::content(report),
        Body::AgentCoaching(report) => agent_coaching::content(report),
        Body::CampaignPerformance(report) => campaign_performance::content(report),
    };
    let mut definitions = content.definitions;
    if header.previous.is_some() {
        definitions.push((
            "Change",
            "Of a count or a duration in percent of the previous value, of a rate or a score in points. A rate or a mean over \
             nothing is not compared. Better and worse are said only where a direction is good.",
        ));
    }
    View {
        title: content.title,
        tenant: text::name(&header.tenant),
        period: header.period.to_string(),
        previous: header.previous.map(|period| period.to_string()),
        facts: facts(header),
        headlines: header.headlines.iter().map(Headline::from).collect(),
        sections: content.sections,
        definitions,
    }
}

/// What else is to be known of the report.
fn facts(header: &Header) -> Vec<(String, String)> {
    let mut facts = vec![("Time zone".to_owned(), text::name(&header.zone))];
    if header.filters.is_empty() {
        facts.push(("Filters".into(), "none".into()));
    }
    facts.extend(header.filters.iter().map(|(name, value)| (text::name(name), text::name(value))));
    facts.push(("Created".into(), header.created_at.format("%-d %b %Y, %H:%M UTC").to_string()));
    facts.push(("Report".into(), text::name(&header.report_id)));
    facts
}

impl From<&callmetry_render::HeadlineText> for Headline {
    fn from(headline: &callmetry_render::HeadlineText) -> Self {
        Self {
            label: text::name(&headline.label),
            current: headline.current.clone(),
            previous: headline.previous.clone(),
            change: headline.change.clone(),
            word: headline.word(),
        }
    }
}
