//! The document of `call_summary`.

use callmetry_metrics::Mean;
use callmetry_metrics::ondemand::Disposition;
use callmetry_metrics::ondemand::call_summary::{CallSummary, DateRow, Totals};

use super::Content;
use crate::numbers::{count, date, mean, rate};
use crate::scale::Reading;
use crate::text;
use crate::view::{Cell, Chart, ChartKind, Column, Section, Table};

const DEFINITIONS: [(&str, &str); 5] = [
    ("Total calls", "Calls that started in the period."),
    ("Connected calls", "Those that were answered."),
    ("Connect rate", "Connected calls / total calls."),
    (
        "Average duration",
        "Talk seconds of the connected calls / connected calls. Without connected calls there is none.",
    ),
    ("Share", "Calls with this disposition code / all calls that have a code."),
];

pub fn content(report: &CallSummary) -> Content {
    let campaigns = report.by_campaign.iter().map(|row| {
        let name = text::name_or(row.campaign.as_deref(), "No campaign");
        calls_row(name, row.total_calls, row.connected_calls, row.average_duration_secs)
    });
    Content {
        title: "Call summary",
        sections: vec![
            by_date(report),
            Section::new("Calls by campaign")
                .with(calls_table("Campaign", campaigns.collect(), &report.totals), "There were no calls."),
            Section::new("Dispositions of calls")
                .with(dispositions(&report.dispositions), "No call has a disposition code."),
        ],
        definitions: DEFINITIONS.to_vec(),
    }
}

fn by_date(report: &CallSummary) -> Section {
    let section = Section::new("Calls by date");
    if report.totals.total_calls == 0 {
        return Section { note: Some("No call started in this period.".into()), ..section };
    }
    let rows = report
        .by_date
        .iter()
        .map(|row| calls_row(date(row.date), row.total_calls, row.connected_calls, row.average_duration_secs));
    let table = calls_table("Date", rows.collect(), &report.totals);
    let chart = Chart::new(
        ChartKind::Columns,
        "Calls by date",
        vec!["Total calls", "Connected calls"],
        report.by_date.iter().map(reading).collect(),
        true,
        count,
    );
    Section { chart, ..section.with(table, "") }
}

fn reading(row: &DateRow) -> Reading {
    Reading {
        label: row.date.format("%-d %b").to_string(),
        units: vec![Some(row.total_calls), Some(row.connected_calls)],
        value: count(row.total_calls),
    }
}

fn calls_table(of: &'static str, rows: Vec<Vec<Cell>>, totals: &Totals) -> Table {
    let columns = vec![
        Column::text(of, 2.0),
        Column::number("Total calls"),
        Column::number("Connected calls"),
        Column::number("Average duration (s)"),
    ];
    let total = vec![
        "Total".to_owned(),
        count(totals.total_calls),
        count(totals.connected_calls),
        mean(totals.average_duration_secs),
    ];
    Table { columns, rows, total: Some(total) }
}

fn calls_row(name: String, total: i64, connected: i64, average: Option<Mean>) -> Vec<Cell> {
    vec![name.into(), count(total).into(), count(connected).into(), mean(average).into()]
}

/// The mix of dispositions; a campaign's is the same.
pub fn dispositions(codes: &[Disposition]) -> Table {
    let most = codes.iter().map(|code| code.count).max().unwrap_or_default();
    let rows = codes.iter().map(|code| {
        vec![
            text::name(&code.label).into(),
            text::name(&code.code).into(),
            count(code.count).into(),
            Cell::bar(rate(code.share), code.count, most),
        ]
    });
    Table {
        columns: vec![
            Column::text("Disposition", 2.0),
            Column::text("Code", 1.5),
            Column::number("Count"),
            Column::bar("Share"),
        ],
        rows: rows.collect(),
        total: None,
    }
}
