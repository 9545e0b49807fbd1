//! A summary of calls.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{CodeCounts, Disposition, Named, dispositions};
use crate::call_volume::CallCounts;
use crate::{Fraction, Mean};

/// Over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Calls that started in the window.
    pub total_calls: i64,
    /// Those that were answered.
    pub connected_calls: i64,
    /// connected / total
    pub connect_rate: Fraction,
    /// Mean talk seconds of the connected calls; none without any.
    pub average_duration_secs: Option<Mean>,
}

/// One date, in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DateRow {
    /// The date.
    pub date: NaiveDate,
    /// Calls that started on it.
    pub total_calls: i64,
    /// Those that were answered.
    pub connected_calls: i64,
    /// Mean talk seconds of the connected calls; none without any.
    pub average_duration_secs: Option<Mean>,
}

/// The calls of one campaign, or of none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignRow {
    /// The campaign; none for the calls of none.
    pub campaign_id: Option<Uuid>,
    /// Its name.
    pub campaign: Option<String>,
    /// Its calls.
    pub total_calls: i64,
    /// Those that were answered.
    pub connected_calls: i64,
    /// Mean talk seconds of the connected calls; none without any.
    pub average_duration_secs: Option<Mean>,
}

/// The data of `call_summary`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallSummary {
    /// Over the window.
    #[serde(flatten)]
    pub totals: Totals,
    /// Every date of the window, zeros included.
    pub by_date: Vec<DateRow>,
    /// Campaigns that had calls, by name, and the calls of none at the end.
    pub by_campaign: Vec<CampaignRow>,
    /// The codes of the calls that have one, most frequent first.
    pub dispositions: Vec<Disposition>,
}

/// Mean talk seconds of connected calls; none without any.
fn average(counts: &CallCounts) -> Option<Mean> {
    (counts.answered > 0).then(|| counts.acd_secs())
}

impl CallSummary {
    /// The report from the calls of each date, of each campaign, and of each code, all in their order.
    pub fn new(
        dates: Vec<(NaiveDate, CallCounts)>,
        campaigns: Vec<(Named, CallCounts)>,
        codes: Vec<CodeCounts>,
    ) -> Self {
        let all: CallCounts = dates.iter().map(|(_, counts)| counts).sum();
        Self {
            totals: Totals {
                total_calls: all.calls,
                connected_calls: all.answered,
                connect_rate: Fraction::fraction_of(all.answered, all.calls),
                average_duration_secs: average(&all),
            },
            by_date: dates
                .into_iter()
                .map(|(date, counts)| DateRow {
                    date,
                    total_calls: counts.calls,
                    connected_calls: counts.answered,
                    average_duration_secs: average(&counts),
                })
                .collect(),
            by_campaign: campaigns
                .into_iter()
                .map(|(campaign, counts)| CampaignRow {
                    campaign_id: campaign.id,
                    campaign: campaign.name,
                    total_calls: counts.calls,
                    connected_calls: counts.answered,
                    average_duration_secs: average(&counts),
                })
                .collect(),
            dispositions: dispositions(codes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_nothing_is_null_and_a_rate_is_0() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
        let report = CallSummary::new(vec![(day, CallCounts::default())], vec![], vec![]);
        assert_eq!(
            serde_json::to_string(&report).expect("json"),
            r#"{"total_calls":0,"connected_calls":0,"connect_rate":0,"average_duration_secs":null,"by_date":[{"date":"2026-01-01","total_calls":0,"connected_calls":0,"average_duration_secs":null}],"by_campaign":[],"dispositions":[]}"#
        );
    }

    #[test]
    fn totals_are_made_from_the_sums() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).expect("a date");
        let counts = |calls, answered, answered_talk_secs| CallCounts {
            calls,
            answered,
            talk_secs: answered_talk_secs + 7,
            answered_talk_secs,
        };
        let report = CallSummary::new(vec![(day(1), counts(4, 2, 100)), (day(2), counts(3, 1, 1))], vec![], vec![]);
        assert_eq!(report.totals.connect_rate, Fraction::from_units(4_286));
        assert_eq!(report.totals.average_duration_secs, Some(Mean::from_units(3_367)));
        assert_eq!(report.by_date[0].average_duration_secs, Some(Mean::from_units(5_000)));
    }
}
