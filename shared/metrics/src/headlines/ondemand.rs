//! The headlines of the on-demand reports.
//!
//! Two of these have no totals of their own. What is added up from their rows are counts and seconds, and a rate is made
//! from the sums; means and distinct leads do not add up and are left out.

use super::{Figure, Good, Headline, Headlines, Metric, compare_all, ratio, total};
use crate::ondemand::agent_coaching::AgentCoaching;
use crate::ondemand::call_summary::{self, CallSummary};
use crate::ondemand::campaign_performance::{CampaignPerformance, CampaignRow};
use crate::ondemand::compliance_audit::{self, AuditSummary};
use crate::ondemand::qa_performance::{self, QaPerformance};
use crate::{Mean, Percent};

const CALL_SUMMARY: [Metric<call_summary::Totals>; 4] = [
    Metric { label: "Total calls", good: Good::Neither, read: |t| total(Figure::Count(t.total_calls)) },
    Metric { label: "Connected calls", good: Good::Neither, read: |t| total(Figure::Count(t.connected_calls)) },
    Metric {
        label: "Connect rate",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.connect_rate.percent()), t.total_calls),
    },
    Metric {
        label: "Average duration",
        good: Good::Neither,
        read: |t| ratio(t.average_duration_secs.map_or(Figure::None, Figure::Duration), t.connected_calls),
    },
];

const QA_PERFORMANCE: [Metric<qa_performance::Totals>; 3] = [
    Metric { label: "Calls evaluated", good: Good::Neither, read: |t| total(Figure::Count(t.calls_evaluated)) },
    Metric {
        label: "Overall score",
        good: Good::Higher,
        read: |t| ratio(t.overall_score.map_or(Figure::None, Figure::Score), scored(t)),
    },
    Metric {
        label: "Pass rate",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.pass_rate.percent()), scored(t)),
    },
];

const COMPLIANCE_AUDIT: [Metric<compliance_audit::Totals>; 4] = [
    Metric { label: "Checks", good: Good::Neither, read: |t| total(Figure::Count(t.checks_total)) },
    Metric { label: "Checks passed", good: Good::Neither, read: |t| total(Figure::Count(t.checks_passed)) },
    Metric { label: "Violations", good: Good::Lower, read: |t| total(Figure::Count(t.violations())) },
    Metric {
        label: "Pass rate",
        good: Good::Higher,
        read: |t| ratio(Figure::Percent(t.pass_rate.percent()), t.checks_total),
    },
];

const AGENT_COACHING: [Metric<AgentCoaching>; 4] = [
    Metric {
        label: "Agents evaluated",
        good: Good::Neither,
        read: |r| total(Figure::Count(r.agents.iter().map(|row| i64::from(row.calls_evaluated > 0)).sum())),
    },
    Metric {
        label: "Calls evaluated",
        good: Good::Neither,
        read: |r| total(Figure::Count(r.agents.iter().map(|row| row.calls_evaluated).sum())),
    },
    Metric {
        label: "Calls",
        good: Good::Neither,
        read: |r| total(Figure::Count(r.agents.iter().map(|row| row.calls).sum())),
    },
    Metric {
        label: "Talk time",
        good: Good::Neither,
        read: |r| {
            let talk_secs: i64 = r.agents.iter().map(|row| row.talk_secs).sum();
            total(Figure::Duration(Mean::ratio(talk_secs.into(), 1)))
        },
    },
];

const CAMPAIGN_PERFORMANCE: [Metric<Funnel>; 5] = [
    Metric { label: "Attempts", good: Good::Neither, read: |f| total(Figure::Count(f.attempts)) },
    Metric { label: "Human", good: Good::Neither, read: |f| total(Figure::Count(f.human)) },
    Metric {
        label: "Contact reach rate",
        good: Good::Higher,
        read: |f| ratio(Figure::Percent(Percent::of(f.human, f.attempts)), f.attempts),
    },
    Metric { label: "Sales", good: Good::Neither, read: |f| total(Figure::Count(f.sales)) },
    Metric {
        label: "Conversion rate",
        good: Good::Higher,
        read: |f| ratio(Figure::Percent(Percent::of(f.sales, f.human)), f.human),
    },
];

/// What adds up over campaigns.
struct Funnel {
    attempts: i64,
    human: i64,
    sales: i64,
}

impl From<&CampaignPerformance> for Funnel {
    fn from(report: &CampaignPerformance) -> Self {
        let sum = |count: fn(&CampaignRow) -> i64| report.campaigns.iter().map(count).sum();
        Self { attempts: sum(|row| row.attempts), human: sum(|row| row.human), sales: sum(|row| row.sales) }
    }
}

/// Whether any evaluation has a score: the report does not say how many, but only then is there a mean.
fn scored(totals: &qa_performance::Totals) -> i64 {
    i64::from(totals.overall_score.is_some())
}

impl Headlines for CallSummary {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&CALL_SUMMARY, &self.totals, &previous.totals)
    }
}

impl Headlines for QaPerformance {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&QA_PERFORMANCE, &self.totals, &previous.totals)
    }
}

impl Headlines for AuditSummary {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&COMPLIANCE_AUDIT, &self.totals, &previous.totals)
    }
}

impl Headlines for AgentCoaching {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&AGENT_COACHING, self, previous)
    }
}

impl Headlines for CampaignPerformance {
    fn headlines(&self, previous: &Self) -> Vec<Headline> {
        compare_all(&CAMPAIGN_PERFORMANCE, &Funnel::from(self), &Funnel::from(previous))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_volume::CallCounts;
    use crate::headlines::{Change, Verdict};
    use crate::ondemand::QualityCounts;
    use crate::ondemand::agent_coaching::AgentCounts;
    use crate::ondemand::campaign_performance::CampaignCounts;
    use crate::ondemand::compliance_audit::RuleCounts;
    use crate::ondemand::qa_performance::QaCounts;

    /// Label, figure, change and verdict of each.
    fn told(headlines: &[Headline]) -> Vec<(&str, Figure, Change, Verdict)> {
        headlines.iter().map(|one| (one.label.as_str(), one.current, one.change, one.verdict)).collect()
    }

    fn percentage(units: i64) -> Figure {
        Figure::Percent(Percent::from_units(units))
    }

    fn percent(units: i64) -> Change {
        Change::Percent(Percent::from_units(units))
    }

    fn points(units: i64) -> Change {
        Change::Points(Mean::from_units(units))
    }

    fn calls(calls: i64, answered: i64, answered_talk_secs: i64) -> CallSummary {
        let counts = CallCounts { calls, answered, talk_secs: answered_talk_secs, answered_talk_secs };
        CallSummary::new(vec![(Default::default(), counts)], vec![], vec![])
    }

    #[test]
    fn a_fraction_is_a_percentage_of_the_same_digits() {
        assert_eq!(
            told(&calls(7, 3, 100).headlines(&calls(8, 1, 50))),
            [
                ("Total calls", Figure::Count(7), percent(-1_250), Verdict::Neutral),
                ("Connected calls", Figure::Count(3), percent(20_000), Verdict::Neutral),
                ("Connect rate", percentage(4_286), points(3_036), Verdict::Better),
                ("Average duration", Figure::Duration(Mean::from_units(3_333)), percent(-3_334), Verdict::Neutral),
            ]
        );
        let unanswered = calls(7, 0, 0).headlines(&calls(7, 3, 100));
        assert_eq!((unanswered[3].current, unanswered[3].change), (Figure::None, Change::None));
    }

    #[test]
    fn quality_without_a_score_is_not_compared() {
        let report = |evaluations, scored, passed| {
            let quality = QualityCounts { evaluations, scored, passed, score_hundredths: scored * 8_000 };
            QaPerformance::from(QaCounts { weeks: vec![(Default::default(), quality)], ..Default::default() })
        };
        assert_eq!(
            told(&report(4, 4, 3).headlines(&report(2, 0, 0))),
            [
                ("Calls evaluated", Figure::Count(4), percent(10_000), Verdict::Neutral),
                ("Overall score", Figure::Score(Mean::from_units(8_000)), Change::None, Verdict::Neutral),
                ("Pass rate", percentage(7_500), Change::None, Verdict::Neutral),
            ]
        );
        let worse = report(4, 4, 1).headlines(&report(4, 4, 3));
        assert_eq!((worse[1].verdict, worse[2].verdict), (Verdict::Same, Verdict::Worse));
    }

    #[test]
    fn fewer_violations_are_better() {
        let audit = |checks, violations| {
            AuditSummary::new(vec![RuleCounts { rule: "r".into(), severity: "low".into(), checks, violations }])
        };
        assert_eq!(
            told(&audit(8, 2).headlines(&audit(8, 4))),
            [
                ("Checks", Figure::Count(8), percent(0), Verdict::Same),
                ("Checks passed", Figure::Count(6), percent(5_000), Verdict::Neutral),
                ("Violations", Figure::Count(2), percent(-5_000), Verdict::Better),
                ("Pass rate", percentage(7_500), points(2_500), Verdict::Better),
            ]
        );
        assert_eq!(audit(8, 2).headlines(&AuditSummary::default())[3].change, Change::None);
    }

    #[test]
    fn agents_are_counted_and_not_averaged() {
        let agent = |calls, talk_secs, evaluations| AgentCounts {
            calls,
            talk_secs,
            quality: QualityCounts { evaluations, ..Default::default() },
            ..Default::default()
        };
        let now = AgentCoaching::new(vec![agent(3, 90, 2), agent(1, 30, 0), agent(0, 0, 5)]);
        let before = AgentCoaching::new(vec![agent(4, 60, 0)]);
        assert_eq!(
            told(&now.headlines(&before)),
            [
                ("Agents evaluated", Figure::Count(2), Change::FromZero, Verdict::Neutral),
                ("Calls evaluated", Figure::Count(7), Change::FromZero, Verdict::Neutral),
                ("Calls", Figure::Count(4), percent(0), Verdict::Same),
                ("Talk time", Figure::Duration(Mean::from_units(12_000)), percent(10_000), Verdict::Neutral),
            ]
        );
    }

    #[test]
    fn rates_of_all_campaigns_are_made_from_the_sums() {
        let campaign = |attempts, human, sales| CampaignCounts { attempts, human, sales, ..Default::default() };
        // The mean of the rates would be 75 % and 50 %.
        let now = CampaignPerformance::new(vec![campaign(6, 3, 0), campaign(1, 1, 1)]);
        let before = CampaignPerformance::new(vec![campaign(4, 0, 0)]);
        assert_eq!(
            told(&now.headlines(&before)),
            [
                ("Attempts", Figure::Count(7), percent(7_500), Verdict::Neutral),
                ("Human", Figure::Count(4), Change::FromZero, Verdict::Neutral),
                ("Contact reach rate", percentage(5_714), points(5_714), Verdict::Better),
                ("Sales", Figure::Count(1), Change::FromZero, Verdict::Neutral),
                ("Conversion rate", percentage(2_500), Change::None, Verdict::Neutral),
            ]
        );
    }
}
