//! The document of `campaign_performance`.

use callmetry_metrics::Fraction;
use callmetry_metrics::ondemand::campaign_performance::{CampaignPerformance, CampaignRow, SentimentWeek};

use super::Content;
use super::call_summary::dispositions;
use super::qa_performance::pass_rate;
use crate::numbers::{count, sentiment};
use crate::scale::Reading;
use crate::text;
use crate::view::{Chart, ChartKind, Column, Section, Table};

const DEFINITIONS: [(&str, &str); 8] = [
    ("Attempts", "Dial attempts in the period."),
    ("Leads dialed", "Distinct leads among them."),
    ("Human", "Attempts that a human answered."),
    ("Contact reach rate", "Human / attempts."),
    ("Sales", "Attempts whose disposition is a sale."),
    ("Conversion rate", "Sales / human."),
    ("Share", "Attempts with this disposition code / all attempts of the campaign that have a code."),
    (
        "Sentiment",
        "The mean of the calls that have one, from −1 to 1. Positive, neutral and negative are calls above, at exactly and \
         below 0.",
    ),
];

const NO_CAMPAIGNS: &str = "There are no campaigns.";

pub fn content(report: &CampaignPerformance) -> Content {
    let mut sections = vec![funnel(&report.campaigns), moods(&report.campaigns)];
    sections.extend(report.campaigns.iter().flat_map(campaign));
    Content { title: "Campaign performance", sections, definitions: DEFINITIONS.to_vec() }
}

fn funnel(campaigns: &[CampaignRow]) -> Section {
    let rows = campaigns.iter().map(|row| {
        vec![
            text::name(&row.campaign).into(),
            count(row.attempts).into(),
            count(row.leads_dialed).into(),
            count(row.human).into(),
            pass_rate(row.contact_reach_rate),
            count(row.sales).into(),
            pass_rate(row.conversion_rate),
        ]
    });
    let table = Table {
        columns: vec![
            Column::text("Campaign", 2.4),
            Column::number("Attempts"),
            Column::number("Leads dialed"),
            Column::number("Human"),
            Column::bar("Contact reach rate"),
            Column::number("Sales"),
            Column::bar("Conversion rate"),
        ],
        rows: rows.collect(),
        total: None,
    };
    Section::new("Campaigns").with(table, NO_CAMPAIGNS)
}

fn moods(campaigns: &[CampaignRow]) -> Section {
    let rows = campaigns.iter().map(|row| {
        vec![
            text::name(&row.campaign).into(),
            sentiment(row.sentiment.average).into(),
            count(row.sentiment.positive).into(),
            count(row.sentiment.neutral).into(),
            count(row.sentiment.negative).into(),
        ]
    });
    let table = Table {
        columns: vec![
            Column::text("Campaign", 2.4),
            Column::number("Average"),
            Column::number("Positive calls"),
            Column::number("Neutral calls"),
            Column::number("Negative calls"),
        ],
        rows: rows.collect(),
        total: None,
    };
    Section::new("Sentiment of calls").with(table, NO_CAMPAIGNS)
}

/// The mix and the trend of one campaign.
fn campaign(row: &CampaignRow) -> [Section; 3] {
    let part = |title: &str| Section { level: 2, ..Section::new(title) };
    let weeks = row
        .sentiment_trend
        .iter()
        .map(|week| vec![week.week.clone().into(), sentiment(week.average).into(), count(week.calls).into()]);
    let weeks = Table {
        columns: vec![
            Column::text("Week", 2.4),
            Column::number("Average sentiment"),
            Column::number("Calls with a sentiment"),
        ],
        rows: weeks.collect(),
        total: None,
    };
    let chart = Chart::new(
        ChartKind::Line,
        "Average sentiment by week",
        vec![],
        row.sentiment_trend.iter().map(reading).collect(),
        true,
        |units| Fraction::from_units(units).to_string().replace('-', "−"),
    );
    [
        Section::new(text::name(&row.campaign)),
        part("Dispositions of attempts").with(dispositions(&row.disposition_mix), "No attempt has a disposition code."),
        Section { chart, ..part("Sentiment by week") }.with(weeks, "No call has a sentiment."),
    ]
}

fn reading(week: &SentimentWeek) -> Reading {
    Reading { label: week.week.clone(), units: vec![week.average.map(Fraction::units)], value: sentiment(week.average) }
}
