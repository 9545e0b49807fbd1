//! The document of `compliance_audit`.

use callmetry_metrics::ondemand::compliance_audit::{ComplianceAudit, Violation};

use super::Content;
use super::qa_performance::pass_rate;
use crate::numbers::{count, rate};
use crate::text;
use crate::view::{Cell, Column, Section, Table};

/// How many violations a document lists.
pub const MOST_VIOLATIONS: usize = 500;

const DEFINITIONS: [(&str, &str); 4] = [
    ("Checks", "Compliance checks of calls whose time of check is in the period."),
    ("Violations", "Checks that failed."),
    ("Pass rate", "Checks that passed / checks."),
    ("Severity", "How bad it is to violate the rule, as the check says: critical, high, medium or low."),
];

pub fn content(report: ComplianceAudit<'_>) -> Content {
    Content {
        title: "Compliance audit",
        sections: vec![by_severity(&report), by_rule(&report), violations(&report)],
        definitions: DEFINITIONS.to_vec(),
    }
}

fn by_severity(report: &ComplianceAudit<'_>) -> Section {
    let most = report.by_severity.iter().map(|row| row.violations).max().unwrap_or_default();
    let rows = report
        .by_severity
        .iter()
        .map(|row| vec![text::name(&row.severity).into(), Cell::bar(count(row.violations), row.violations, most)]);
    let table = Table {
        columns: vec![Column::text("Severity", 1.0), Column::bar("Violations")],
        rows: rows.collect(),
        total: Some(vec!["Total".into(), count(report.totals.violations())]),
    };
    Section::new("Violations by severity").with(table, "Nothing was checked in this period.")
}

fn by_rule(report: &ComplianceAudit<'_>) -> Section {
    let rows = report.by_rule.iter().map(|row| {
        vec![
            text::detail(&row.rule).into(),
            count(row.checks).into(),
            count(row.violations).into(),
            pass_rate(row.pass_rate),
        ]
    });
    let totals = &report.totals;
    let table = Table {
        columns: vec![
            Column::text("Rule", 3.0),
            Column::number("Checks"),
            Column::number("Violations"),
            Column::bar("Pass rate"),
        ],
        rows: rows.collect(),
        total: Some(vec![
            "Total".into(),
            count(totals.checks_total),
            count(totals.violations()),
            rate(totals.pass_rate),
        ]),
    };
    Section::new("Checks by rule").with(table, "Nothing was checked in this period.")
}

fn violations(report: &ComplianceAudit<'_>) -> Section {
    let shown = &report.violations[..report.violations.len().min(MOST_VIOLATIONS)];
    let table = Table {
        columns: vec![
            Column::text("Checked at (UTC)", 1.2),
            Column::text("Severity", 0.8),
            Column::text("Rule", 1.7),
            Column::text("Agent", 1.5),
            Column::text("Campaign", 1.5),
            Column::text("Detail", 3.4),
            Column::text("Call", 1.8),
        ],
        rows: shown.iter().map(violation).collect(),
        total: None,
    };
    let section = Section {
        landscape: true,
        note: Some(how_many(report.totals.violations(), shown)),
        ..Section::new("Violations")
    };
    section.with(table, "No check failed in this period.")
}

fn how_many(all: i64, shown: &[Violation]) -> String {
    let mut note = if i64::try_from(shown.len()).is_ok_and(|shown| shown >= all) {
        match shown.len() {
            1 => "The only violation of the period.".to_owned(),
            _ => format!("All {} violations of the period, in the order of their checks.", count(all)),
        }
    } else {
        format!(
            "The first {} of {} violations, in the order of their checks. The CSV of this report has all of them.",
            shown.len(),
            count(all)
        )
    };
    if shown.iter().filter_map(|violation| violation.detail.as_deref()).any(text::is_cut) {
        note += &format!(
            " Details of more than {} characters end with an ellipsis; the CSV has them whole.",
            text::DETAIL_LENGTH
        );
    }
    note
}

fn violation(violation: &Violation) -> Vec<Cell> {
    [
        violation.checked_at.format("%-d %b %Y %H:%M:%S").to_string(),
        text::name(&violation.severity),
        text::name(&violation.rule),
        text::name_or(violation.agent.as_deref(), "none"),
        text::name_or(violation.campaign.as_deref(), "none"),
        violation.detail.as_deref().map_or_else(|| "none".into(), text::detail),
        violation.call_id.to_string(),
    ]
    .map(Cell::from)
    .into()
}
