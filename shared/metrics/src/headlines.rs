//! The headline metrics of each report, compared with those of the period before.
//!
//! A metric is declared once, in a table below: its label, which direction is good, and how it is read from the report. The
//! values are the report's own, so that a digest never shows another number than the API. Only two things are computed
//! here: how much a value changed, and whether that is good.
//!
//! A rate over nothing is 0 by definition. That 0 is shown, but it is not compared: a campaign that rested for a week has
//! not lost its contact rate.

mod ondemand;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::agents::{AgentTotals, Agents};
use crate::call_volume::{CallVolume, VolumeTotals};
use crate::campaigns::{CampaignTotals, Campaigns};
use crate::compliance::Compliance;
use crate::dispositions::{DispositionRow, Dispositions};
use crate::{Decimal2, Mean, Percent};

/// How many codes of the disposition report are headlines.
pub const MOST_FREQUENT_CODES: usize = 3;

/// A value and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How many.
    Count(i64),
    /// How many, and which share of all that is, a percentage.
    Share {
        /// How many.
        count: i64,
        /// Of all, a percentage.
        share: Percent,
    },
    /// A percentage.
    Percent(Percent),
    /// Seconds.
    Duration(Mean),
    /// A mean QA score, 0 to 100.
    Score(Mean),
    /// There is no value, such as a mean over nothing.
    None,
}

/// How much a value changed since the previous period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Of a count or a duration: in percent of the previous value, rounded half away from zero.
    Percent(Percent),
    /// Of a percentage or a score: the difference, in points. Of a share: that of the percentage.
    Points(Decimal2),
    /// A count or a duration was 0 and no longer is, which no percentage tells.
    FromZero,
    /// One of the two periods has nothing that could be compared.
    None,
}

/// What a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It went where it should.
    Better,
    /// It went where it should not.
    Worse,
    /// The value is the same.
    Same,
    /// It cannot be compared, or is neither good nor bad.
    Neutral,
}

/// A metric of a report, and what became of it since the previous period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Its name for people. That of a disposition code is the tenant's own text and may contain anything.
    pub label: String,
    /// In the current period.
    pub current: Figure,
    /// In the one before.
    pub previous: Figure,
    /// The difference.
    pub change: Change,
    /// What to think of it.
    pub verdict: Verdict,
}

/// A report that has headlines.
pub trait Headlines {
    /// Five at most, in the order in which they are shown. `self` is the current period's report.
    fn headlines(&self, previous: &Self) -> Vec<Headline>;
}

/// Which direction is good.
#[derive(Clone, Copy)]
enum Good {
    Higher,
    Lower,
    /// More of it is more work or more sales, less of it a holiday or an outage: that is for the reader to say.
    Neither,
}

/// A value as a report has it.
struct Reading {
    figure: Figure,
    /// Whether there was anything to measure: not so for a rate whose denominator is 0.
    measured: bool,
}

/// A declared metric of the report `R`.
struct Metric<R> {
    label: &'static str,
    good: Good,
    read: fn(&R) -> Reading,
}

const CAMPAIGNS: [Metric<CampaignTotals>; 4] = [
    Metric { label: "Attempts", good: Good::Neither, read: |t| total(Figure::Count(t.counts.attempts)) },
    Metric {
        label: "Contact rate",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.contact_rate), t.counts.attempts),
    },
    Metric {
        label: "Conversion rate",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.conversion_rate), t.counts.human),
    },
    Metric {
        label: "Abandonment rate",
        good: Good::Lower,
        read: |t| ratio(Figure::Percent(t.abandonment_rate), t.counts.attempts),
    },
];

const AGENTS: [Metric<AgentTotals>; 4] = [
    Metric { label: "Calls", good: Good::Neither, read: |t| total(Figure::Count(t.calls)) },
    Metric {
        label: "Talk time",
        good: Good::Neither,
        read: |t| total(Figure::Duration(Mean::ratio(t.talk_secs.into(), 1))),
    },
    // Low occupancy is idle time and high occupancy is strain, so neither direction is good by itself.
    Metric {
        label: "Occupancy",
        good: Good::Neither,
        read: |t| {
            ratio(
                Figure::Percent(t.states.occupancy),
                t.states.available_secs + t.states.busy_secs + t.states.wrap_secs,
            )
        },
    },
    Metric {
        label: "QA average",
        good: Good::Higher,
        read: |t| ratio(t.quality.mean().map_or(Figure::None, Figure::Score), t.quality.scored),
    },
];

const CALL_VOLUME: [Metric<VolumeTotals>; 4] = [
    Metric { label: "Total calls", good: Good::Neither, read: |t| total(Figure::Count(t.total_calls)) },
    Metric { label: "Answered", good: Good::Neither, read: |t| total(Figure::Count(t.answered)) },
    Metric {
        label: "Answer-seizure ratio",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.asr), t.total_calls),
    },
    Metric {
        label: "Average call duration",
        good: Good::Neither,
        read: |t| ratio(Figure::Duration(t.acd_secs), t.answered),
    },
];

const COMPLIANCE: [Metric<Compliance>; 4] = [
    Metric { label: "DNC additions", good: Good::Neither, read: |r| total(Figure::Count(r.dnc.additions)) },
    Metric { label: "DNC total", good: Good::Neither, read: |r| total(Figure::Count(r.dnc.total)) },
    Metric { label: "Abandonment breaches", good: Good::Lower, read: |r| total(Figure::Count(r.abandonment.breaches)) },
    Metric {
        label: "Calling-hours coverage",
        good: Good::Higher,
        read: |r| ratio(Figure::Percent(r.calling_hours.coverage), r.calling_hours.campaigns),
    },
];

impl Headlines for Campaigns {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&CAMPAIGNS, &self.totals, &previous.totals)
    }
}

impl Headlines for Agents {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&AGENTS, &self.totals, &previous.totals)
    }
}

impl Headlines for CallVolume {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&CALL_VOLUME, &self.totals, &previous.totals)
    }
}

impl Headlines for Compliance {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&COMPLIANCE, self, previous)
    }
}

impl Headlines for Dispositions {
    /// The total, then the most frequent codes of the current period, each with its own numbers of the previous one.
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        let count = |report: &Self| total(Figure::Count(report.totals.count));
        let all = compare("Dispositions", Good::Neither, count(self), count(previous));
        let codes = self.rows.iter().take(MOST_FREQUENT_CODES).map(|row| {
            let before = previous.rows.iter().find(|before| before.code == row.code);
            let current = share(Some(row), self.totals.count);
            compare(&row.label, Good::Neither, current, share(before, previous.totals.count))
        });
        std::iter::once(all).chain(codes).collect()
    }
}

fn total(figure: Figure) -> Reading {
    Reading { figure, measured: true }
}

fn ratio(figure: Figure, denominator: i64) -> Reading {
    Reading { figure, measured: denominator != 0 }
}

/// A code's share of all; a code that did not occur has none of them.
fn share(row: Option<&DispositionRow>, all: i64) -> Reading {
    let (count, share) = row.map_or((0, Percent::ZERO), |row| (row.count, row.share));
    ratio(Figure::Share { count, share }, all)
}

fn compare_all<R>(metrics: &[Metric<R>], current: &R, previous: &R) -> Vec<Headline> {
    metrics
        .iter()
        .map(|metric| compare(metric.label, metric.good, (metric.read)(current), (metric.read)(previous)))
        .collect()
}

fn compare(label: &str, good: Good, current: Reading, previous: Reading) -> Headline {
    let (change, verdict) = if current.measured && previous.measured {
        (current.figure.change_from(previous.figure), judge(good, current.figure, previous.figure))
    } else {
        (Change::None, Verdict::Neutral)
    };
    Headline { label: label.to_owned(), current: current.figure, previous: previous.figure, change, verdict }
}

fn judge(good: Good, current: Figure, previous: Figure) -> Verdict {
    match (good, current.units().cmp(&previous.units())) {
        _ if current == previous => Verdict::Same,
        // Equal shares of different counts.
        (Good::Neither, _) | (_, Ordering::Equal) => Verdict::Neutral,
        (Good::Higher, Ordering::Greater) | (Good::Lower, Ordering::Less) => Verdict::Better,
        (Good::Higher, Ordering::Less) | (Good::Lower, Ordering::Greater) => Verdict::Worse,
    }
}

impl Figure {
    /// What two figures of the same unit are compared by: whole ones of a count, hundredths of anything else.
    fn units(self) -> i128 {
        match self {
            Self::Count(count) => count.into(),
            Self::Share { share: hundredths, .. }
            | Self::Percent(hundredths)
            | Self::Duration(hundredths)
            | Self::Score(hundredths) => hundredths.units().into(),
            Self::None => 0,
        }
    }

    fn change_from(self, previous: Self) -> Change {
        let (to, from) = (self.units(), previous.units());
        match self {
            Self::Count(_) | Self::Duration(_) => match Percent::change(from, to) {
                Some(change) => Change::Percent(change),
                None => Change::FromZero,
            },
            // Of the values shown, so that the reader can check it.
            Self::Share { .. } | Self::Percent(_) | Self::Score(_) => {
                Change::Points(Decimal2::ratio(to - from, i128::from(Decimal2::UNIT)))
            }
            Self::None => Change::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::agents::{AgentCounts, ScoreSum, StateMicros};
    use crate::call_volume::CallCounts;
    use crate::campaigns::{CampaignCounts, FunnelCounts};
    use crate::compliance::{CampaignCompliance, DncSource};
    use crate::dispositions::DispositionCounts;

    const SECOND: i64 = 1_000_000;

    fn campaigns(attempts: i64, human: i64, sales: i64, abandoned: i64) -> Campaigns {
        let counts = FunnelCounts { attempts, leads_dialed: attempts, human, machine: 0, sales, abandoned };
        let cap = Decimal2::from_units(300);
        let campaign =
            CampaignCounts { campaign_id: uuid::Uuid::nil(), campaign: "c".into(), abandonment_cap: cap, counts };
        Campaigns::new(vec![campaign], attempts)
    }

    fn agents(calls: i64, talk_secs: i64, busy_secs: i64, quality: ScoreSum) -> Agents {
        Agents::new(vec![AgentCounts {
            agent_id: uuid::Uuid::nil(),
            agent: "a".into(),
            state: "offline".into(),
            state_since: Default::default(),
            calls,
            talk_secs,
            states: StateMicros { available: 1_000 * SECOND, busy: busy_secs * SECOND, ..Default::default() },
            quality,
        }])
    }

    fn volume(calls: i64, answered: i64, answered_talk_secs: i64) -> CallVolume {
        let counts = CallCounts { calls, answered, talk_secs: answered_talk_secs, answered_talk_secs };
        CallVolume::new(vec![(Default::default(), counts)], vec![])
    }

    fn compliance(additions: i64, abandoned: i64, has_hours: bool) -> Compliance {
        let source = DncSource { source: "internal".into(), total: 10, additions };
        let campaign = CampaignCompliance {
            campaign_id: uuid::Uuid::nil(),
            campaign: "c".into(),
            abandonment_cap: Decimal2::from_units(300),
            has_hours,
            attempts: 100,
            abandoned,
            inside: 0,
        };
        Compliance::new(vec![source], vec![campaign])
    }

    fn dispositions(codes: &[(&str, i64)]) -> Dispositions {
        let counts = |&(code, count): &(&str, i64)| DispositionCounts {
            code: code.into(),
            label: format!("label of {code}"),
            category: "x".into(),
            count,
        };
        Dispositions::new(codes.iter().map(counts).collect())
    }

    /// Label, change and verdict of each.
    fn told(headlines: &[Headline]) -> Vec<(&str, Change, Verdict)> {
        headlines.iter().map(|headline| (headline.label.as_str(), headline.change, headline.verdict)).collect()
    }

    fn percent(units: i64) -> Change {
        Change::Percent(Percent::from_units(units))
    }

    fn points(units: i64) -> Change {
        Change::Points(Decimal2::from_units(units))
    }

    #[test]
    fn campaigns_are_judged_by_their_rates() {
        let headlines = campaigns(7, 3, 1, 0).headlines(&campaigns(8, 1, 1, 1));
        assert_eq!(headlines[1].current, Figure::Percent(Percent::from_units(4286)));
        assert_eq!(headlines[1].previous, Figure::Percent(Percent::from_units(1250)));
        assert_eq!(
            told(&headlines),
            [
                ("Attempts", percent(-1250), Verdict::Neutral),
                ("Contact rate", points(3036), Verdict::Better),
                ("Conversion rate", points(-6667), Verdict::Worse),
                ("Abandonment rate", points(-1250), Verdict::Better),
            ]
        );
    }

    #[test]
    fn a_rate_over_nothing_is_shown_as_zero_and_not_compared() {
        let headlines = campaigns(7, 3, 1, 0).headlines(&campaigns(0, 0, 0, 0));
        assert_eq!(headlines[1].previous, Figure::Percent(Percent::ZERO));
        assert_eq!(
            told(&headlines),
            [
                ("Attempts", Change::FromZero, Verdict::Neutral),
                ("Contact rate", Change::None, Verdict::Neutral),
                ("Conversion rate", Change::None, Verdict::Neutral),
                ("Abandonment rate", Change::None, Verdict::Neutral),
            ]
        );
    }

    #[test]
    fn nothing_after_nothing_is_the_same() {
        let headlines = campaigns(0, 0, 0, 0).headlines(&campaigns(0, 0, 0, 0));
        assert_eq!(told(&headlines)[0], ("Attempts", percent(0), Verdict::Same));
        assert_eq!(told(&headlines)[1], ("Contact rate", Change::None, Verdict::Neutral));
    }

    #[test]
    fn agents_without_evaluations_have_no_average() {
        let scored = ScoreSum { evaluations: 2, scored: 2, hundredths: 17_001 };
        let headlines = agents(3, 90, 3_000, scored).headlines(&agents(4, 120, 1_000, ScoreSum::default()));
        assert_eq!(headlines[1].current, Figure::Duration(Mean::from_units(9_000)));
        assert_eq!(headlines[3].current, Figure::Score(Mean::from_units(8_501)));
        assert_eq!(headlines[3].previous, Figure::None);
        assert_eq!(
            told(&headlines),
            [
                ("Calls", percent(-2_500), Verdict::Neutral),
                ("Talk time", percent(-2_500), Verdict::Neutral),
                ("Occupancy", points(2_500), Verdict::Neutral),
                ("QA average", Change::None, Verdict::Neutral),
            ]
        );
    }

    #[test]
    fn call_volume_is_judged_by_its_answer_ratio() {
        let headlines = volume(100, 50, 5_000).headlines(&volume(100, 60, 5_400));
        assert_eq!(
            told(&headlines),
            [
                ("Total calls", percent(0), Verdict::Same),
                ("Answered", percent(-1_667), Verdict::Neutral),
                ("Answer-seizure ratio", points(-1_000), Verdict::Worse),
                ("Average call duration", percent(1_111), Verdict::Neutral),
            ]
        );
        let unanswered = volume(100, 50, 5_000).headlines(&volume(100, 0, 0));
        assert_eq!(unanswered[3].change, Change::None, "an average over nothing");
    }

    #[test]
    fn a_first_breach_is_worse() {
        let headlines = compliance(5, 4, true).headlines(&compliance(0, 3, false));
        assert_eq!(
            told(&headlines),
            [
                ("DNC additions", Change::FromZero, Verdict::Neutral),
                ("DNC total", percent(0), Verdict::Same),
                ("Abandonment breaches", Change::FromZero, Verdict::Worse),
                ("Calling-hours coverage", points(10_000), Verdict::Better),
            ]
        );
    }

    #[test]
    fn codes_are_compared_with_themselves() {
        let now = dispositions(&[("A", 4), ("B", 3), ("C", 2), ("D", 1)]);
        let headlines = now.headlines(&dispositions(&[("C", 6), ("A", 2)]));
        assert_eq!(headlines[2].current, Figure::Share { count: 3, share: Percent::from_units(3_000) });
        assert_eq!(headlines[2].previous, Figure::Share { count: 0, share: Percent::ZERO });
        assert_eq!(
            told(&headlines),
            [
                ("Dispositions", percent(2_500), Verdict::Neutral),
                ("label of A", points(1_500), Verdict::Neutral),
                ("label of B", points(3_000), Verdict::Neutral),
                ("label of C", points(-5_500), Verdict::Neutral),
            ]
        );
        assert_eq!(dispositions(&[]).headlines(&now).len(), 1, "no code, no headline");
        assert_eq!(now.headlines(&dispositions(&[]))[1].change, Change::None);
        let doubled = dispositions(&[("A", 8), ("B", 12)]).headlines(&dispositions(&[("A", 4), ("B", 6)]));
        assert_eq!((doubled[1].change, doubled[1].verdict), (points(0), Verdict::Neutral), "a share of more");
    }

    #[test]
    fn a_change_is_rounded_half_away_from_zero() {
        let change = |from, to| campaigns(to, 0, 0, 0).headlines(&campaigns(from, 0, 0, 0))[0].change;
        assert_eq!(change(800, 801), percent(13), "0.125 %");
        assert_eq!(change(800, 799), percent(-13), "-0.125 %");
        assert_eq!(change(3, 0), percent(-10_000));
        assert_eq!(change(1, i64::MAX), percent(i64::MAX), "saturates");
    }

    proptest! {
        #[test]
        fn better_one_way_is_worse_the_other(a in 0_i64..50, b in 0_i64..50, whole in 50_i64..60) {
            let (one, other) = (campaigns(whole, a, 0, a), campaigns(whole, b, 0, b));
            for (there, back) in one.headlines(&other).iter().zip(other.headlines(&one)) {
                let opposite = match there.verdict {
                    Verdict::Better => Verdict::Worse,
                    Verdict::Worse => Verdict::Better,
                    same => same,
                };
                if back.change != Change::None {
                    prop_assert_eq!(back.verdict, opposite);
                }
            }
        }
    }
}
