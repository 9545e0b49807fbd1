//! The document of `qa_performance`.

use callmetry_metrics::ondemand::qa_performance::{QaPerformance, Totals};
use callmetry_metrics::ondemand::{Parameter, qa_performance::WeekRow};
use callmetry_metrics::{Fraction, Mean};

use super::Content;
use crate::numbers::{count, mean, rate};
use crate::scale::Reading;
use crate::text;
use crate::view::{Cell, Chart, ChartKind, Column, Section, Table};

const DEFINITIONS: [(&str, &str); 6] = [
    ("Calls evaluated", "Evaluations submitted in the period. A call that two people evaluate is two."),
    (
        "Overall score",
        "The mean score of the evaluations, 0 to 100, over evaluations and not over weeks. An evaluation without a score, \
         every answer of which is \"na\", is left out.",
    ),
    ("Pass rate", "Evaluations that pass / evaluations that have a score."),
    ("Parameter", "A question of a scorecard. Its average is the mean of its points, where it is not \"na\"."),
    ("Maximum", "The parameter's weight."),
    (
        "Pass rate of a parameter",
        "Evaluations in which its points are at least the scorecard's pass score, in percent of its weight / evaluations in \
         which it is not \"na\".",
    ),
];

/// The highest score, in hundredths.
pub const FULL_SCORE: i64 = 10_000;
/// A rate of 1.
const WHOLE: i64 = 10_000;
const NOTHING: &str = "No evaluation was submitted in this period.";

pub fn content(report: &QaPerformance) -> Content {
    let agents = report.by_agent.iter().map(|row| {
        let name = text::name_or(row.agent.as_deref(), "No agent");
        quality_row(name, row.calls_evaluated, row.overall_score, row.pass_rate)
    });
    let campaigns = report.by_campaign.iter().map(|row| {
        let name = text::name_or(row.campaign.as_deref(), "No campaign");
        quality_row(name, row.calls_evaluated, row.overall_score, row.pass_rate)
    });
    Content {
        title: "QA performance",
        sections: vec![
            trend(report),
            Section::new("Parameters").with(parameters(&report.parameter_breakdown), NOTHING),
            Section::new("Agents").with(quality_table("Agent", agents.collect(), &report.totals), NOTHING),
            Section::new("Campaigns").with(quality_table("Campaign", campaigns.collect(), &report.totals), NOTHING),
        ],
        definitions: DEFINITIONS.to_vec(),
    }
}

fn trend(report: &QaPerformance) -> Section {
    let rows = report
        .trend
        .iter()
        .map(|row| vec![row.week.clone().into(), count(row.calls_evaluated).into(), score(row.overall_score)]);
    let table = Table {
        columns: vec![Column::text("Week", 1.0), Column::number("Calls evaluated"), Column::bar("Overall score")],
        rows: rows.collect(),
        total: None,
    };
    let chart = Chart::new(
        ChartKind::Line,
        "Overall score by week",
        vec![],
        report.trend.iter().map(reading).collect(),
        false,
        |units| Mean::from_units(units).to_string(),
    );
    Section { chart, ..Section::new("Score by week") }.with(table, NOTHING)
}

fn reading(row: &WeekRow) -> Reading {
    Reading { label: row.week.clone(), units: vec![row.overall_score.map(Mean::units)], value: mean(row.overall_score) }
}

fn parameters(parameters: &[Parameter]) -> Table {
    let rows = parameters.iter().map(|row| {
        vec![
            text::name(&row.parameter).into(),
            mean(row.avg_score).into(),
            mean(Some(row.max_score)).into(),
            pass_rate(row.pass_rate),
        ]
    });
    Table {
        columns: vec![
            Column::text("Parameter", 3.0),
            Column::number("Average"),
            Column::number("Maximum"),
            Column::bar("Pass rate"),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn quality_table(of: &'static str, rows: Vec<Vec<Cell>>, totals: &Totals) -> Table {
    let columns = vec![
        Column::text(of, 3.0),
        Column::number("Calls evaluated"),
        Column::bar("Overall score"),
        Column::bar("Pass rate"),
    ];
    let total =
        vec!["All".to_owned(), count(totals.calls_evaluated), mean(totals.overall_score), rate(totals.pass_rate)];
    Table { columns, rows, total: Some(total) }
}

fn quality_row(name: String, evaluated: i64, overall: Option<Mean>, passing: Fraction) -> Vec<Cell> {
    vec![name.into(), count(evaluated).into(), score(overall), pass_rate(passing)]
}

/// A score and its bar.
pub fn score(score: Option<Mean>) -> Cell {
    Cell::bar(mean(score), score.map_or(0, Mean::units), FULL_SCORE)
}

/// A rate and its bar.
pub fn pass_rate(passing: Fraction) -> Cell {
    Cell::bar(rate(passing), passing.units(), WHOLE)
}
