//! What the document of each type has.

mod agent_coaching;
mod call_summary;
mod campaign_performance;
mod compliance_audit;
mod qa_performance;

pub use compliance_audit::MOST_VIOLATIONS;

use crate::numbers::count;
use crate::view::{Headline, Section, View};
use crate::{Body, Header, text};

/// A title, sections, and the definitions of their figures.
struct Content {
    title: &'static str,
    sections: Vec<Section>,
    definitions: Vec<(&'static str, &'static str)>,
}

/// Rows of a document, of all its tables together: what is laid out in a few seconds and far less memory than the function has,
/// and more than anybody turns the pages of.
const MOST_ROWS: usize = 4_000;

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
        sections: shortened(content.sections, MOST_ROWS),
        definitions,
    }
}

/// The first sections with so many rows, and where there are more, a sentence that says so.
fn shortened(sections: Vec<Section>, most: usize) -> Vec<Section> {
    let rows = |section: &Section| section.table.as_ref().map_or(0, |table| table.rows.len());
    let all: usize = sections.iter().map(rows).sum();
    if all <= most {
        return sections;
    }
    let mut left = most;
    let mut kept = Vec::new();
    for mut section in sections {
        if left == 0 {
            break;
        }
        if let Some(table) = &mut section.table {
            table.shorten(left);
        }
        left -= rows(&section);
        kept.push(section);
    }
    let (most, all) = (count(most as i64), count(all as i64));
    let note = format!(
        "This document ends after {most} of {all} rows. The CSVs and the JSON of this report have all of them."
    );
    kept.push(Section { note: Some(note), ..Section::new("More rows") });
    kept
}

/// What else is to be known of the report.
fn facts(header: &Header) -> Vec<(String, String)> {
    let zone = text::name(&header.zone);
    // A table's dates are those of the data, which know no zone.
    let zone = if zone == "UTC" { zone } else { format!("{zone}; dates and weeks in the tables are those of UTC") };
    let mut facts = vec![("Time zone".to_owned(), zone)];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Cell, Column, Table};

    fn section(title: &str, rows: usize) -> Section {
        let mut cells: Vec<Vec<Cell>> = (0..rows).map(|row| vec![Cell::from(row.to_string())]).collect();
        if let Some(first) = cells.first_mut() {
            first[0].rows = Some(rows);
        }
        Section::new(title).with(Table { columns: vec![Column::number("n")], rows: cells, total: None }, "none")
    }

    #[test]
    fn a_document_that_would_be_endless_ends_and_says_so() {
        let sections = || vec![section("a", 3), section("none", 0), section("b", 5), section("c", 1)];
        let titles = |sections: &[Section]| sections.iter().map(|section| section.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(&shortened(sections(), 9)), ["a", "none", "b", "c"]);
        let short = shortened(sections(), 5);
        assert_eq!(titles(&short), ["a", "none", "b", "More rows"]);
        let table = short[2].table.as_ref().expect("a table");
        assert_eq!((table.rows.len(), table.rows[0][0].rows), (2, Some(2)));
        let note = short[3].note.as_deref().expect("a note");
        assert!(note.contains("after 5 of 9 rows"), "{note}");
    }
}
