//! Call volume and telephony quality: ASR, ACD, the daily trend and hangup causes.

use std::iter::Sum;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Mean, Percent};

/// How many hangup causes the report lists.
pub const MOST_FREQUENT: usize = 10;

/// Counts of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct CallCounts {
    /// Calls that started.
    pub calls: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Talk seconds of all of them.
    pub talk_secs: i64,
    /// Talk seconds of the answered ones.
    pub answered_talk_secs: i64,
}

impl CallCounts {
    /// Answer-seizure ratio: answered / calls, a percentage.
    pub fn asr(&self) -> Percent {
        Percent::of(self.answered, self.calls)
    }

    /// Average call duration: talk seconds of answered calls / answered; 0 without any.
    pub fn acd_secs(&self) -> Mean {
        Mean::ratio(i128::from(self.answered_talk_secs), i128::from(self.answered))
    }
}

impl<'a> Sum<&'a CallCounts> for CallCounts {
    fn sum<I: Iterator<Item = &'a CallCounts>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, part| Self {
            calls: total.calls + part.calls,
            answered: total.answered + part.answered,
            talk_secs: total.talk_secs + part.talk_secs,
            answered_talk_secs: total.answered_talk_secs + part.answered_talk_secs,
        })
    }
}

/// Over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VolumeTotals {
    /// Calls that started in the window.
    pub total_calls: i64,
    /// Those that were answered.
    pub answered: i64,
    /// answered / total_calls, a percentage.
    pub asr: Percent,
    /// Talk seconds of all calls.
    pub talk_secs: i64,
    /// Mean talk seconds of the answered calls.
    pub acd_secs: Mean,
}

/// One date of the trend, in the report's zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DailyRow {
    /// The local date.
    pub date: NaiveDate,
    /// Calls that started on it.
    pub total_calls: i64,
    /// Those that were answered.
    pub answered: i64,
    /// answered / total_calls, a percentage.
    pub asr: Percent,
    /// Mean talk seconds of the answered calls.
    pub acd_secs: Mean,
}

/// One hangup cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HangupCauseRow {
    /// As the dialer names it.
    pub cause: String,
    /// Calls that ended with it.
    pub calls: i64,
    /// calls / all calls of the window, a percentage.
    pub share: Percent,
}

/// The call-volume report's own part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallVolume {
    /// Over the window.
    pub totals: VolumeTotals,
    /// Every date of the window, zeros included.
    pub daily: Vec<DailyRow>,
    /// The ten most frequent.
    pub hangup_causes: Vec<HangupCauseRow>,
}

impl CallVolume {
    /// The report from the calls of each date, every date of the window in its order, and the most frequent hangup
    /// causes, largest first.
    pub fn new(days: Vec<(NaiveDate, CallCounts)>, causes: Vec<(String, i64)>) -> Self {
        let all: CallCounts = days.iter().map(|(_, counts)| counts).sum();
        Self {
            totals: VolumeTotals {
                total_calls: all.calls,
                answered: all.answered,
                asr: all.asr(),
                talk_secs: all.talk_secs,
                acd_secs: all.acd_secs(),
            },
            daily: days
                .into_iter()
                .map(|(date, counts)| DailyRow {
                    date,
                    total_calls: counts.calls,
                    answered: counts.answered,
                    asr: counts.asr(),
                    acd_secs: counts.acd_secs(),
                })
                .collect(),
            hangup_causes: causes
                .into_iter()
                .take(MOST_FREQUENT)
                .map(|(cause, calls)| HangupCauseRow { cause, calls, share: Percent::of(calls, all.calls) })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_of_unanswered_calls_is_no_part_of_the_acd() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
        let counts = CallCounts { calls: 3, answered: 2, talk_secs: 107, answered_talk_secs: 101 };
        let report = CallVolume::new(vec![(day, counts)], vec![("NORMAL_CLEARING".into(), 2)]);
        assert_eq!(report.totals.talk_secs, 107);
        assert_eq!(report.totals.acd_secs, Mean::from_units(5050));
        assert_eq!(report.totals.asr, Percent::from_units(6667));
        assert_eq!(report.hangup_causes[0].share, Percent::from_units(6667));
    }
}
