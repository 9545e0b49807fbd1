//! Quality: what submitted evaluations say.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{Named, Parameter, ParameterCounts, QualityCounts, iso_week};
use crate::{Fraction, Mean};

/// Over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Evaluations that were submitted in the window.
    pub calls_evaluated: i64,
    /// Their mean score; none over nothing.
    pub overall_score: Option<Mean>,
    /// Those that pass / those that have a score.
    pub pass_rate: Fraction,
}

/// One week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WeekRow {
    /// The ISO week, in UTC: `2024-W01`.
    pub week: String,
    /// The mean score of its evaluations; none where none has a score.
    pub overall_score: Option<Mean>,
    /// Evaluations that were submitted in it.
    pub calls_evaluated: i64,
}

/// One agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentRow {
    /// The agent.
    pub agent_id: Option<Uuid>,
    /// The agent's name.
    pub agent: Option<String>,
    /// The agent's evaluations.
    pub calls_evaluated: i64,
    /// Their mean score; none where none has a score.
    pub overall_score: Option<Mean>,
    /// Those that pass / those that have a score.
    pub pass_rate: Fraction,
}

/// The calls of one campaign, or of none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignRow {
    /// The campaign of the calls; none for those of none.
    pub campaign_id: Option<Uuid>,
    /// Its name.
    pub campaign: Option<String>,
    /// Evaluations of its calls.
    pub calls_evaluated: i64,
    /// Their mean score; none where none has a score.
    pub overall_score: Option<Mean>,
    /// Those that pass / those that have a score.
    pub pass_rate: Fraction,
}

/// The data of `qa_performance`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QaPerformance {
    /// Over the window.
    #[serde(flatten)]
    pub totals: Totals,
    /// Questions that were asked, by text; one of each scorecard.
    pub parameter_breakdown: Vec<Parameter>,
    /// Weeks with evaluations, in their order.
    pub trend: Vec<WeekRow>,
    /// Agents with evaluations, by name.
    pub by_agent: Vec<AgentRow>,
    /// Campaigns with evaluations, by name, and those of calls of none at the end.
    pub by_campaign: Vec<CampaignRow>,
}

/// What the database counted, each in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QaCounts {
    /// By question.
    pub parameters: Vec<ParameterCounts>,
    /// By the Monday of the week.
    pub weeks: Vec<(NaiveDate, QualityCounts)>,
    /// By agent.
    pub agents: Vec<(Named, QualityCounts)>,
    /// By campaign.
    pub campaigns: Vec<(Named, QualityCounts)>,
}

impl From<QaCounts> for QaPerformance {
    fn from(counts: QaCounts) -> Self {
        // Every evaluation is of one week. Over evaluations, not over weeks.
        let all: QualityCounts = counts.weeks.iter().map(|(_, counts)| *counts).sum();
        Self {
            totals: Totals {
                calls_evaluated: all.evaluations,
                overall_score: all.overall_score(),
                pass_rate: all.pass_rate(),
            },
            parameter_breakdown: counts.parameters.into_iter().map(Parameter::from).collect(),
            trend: counts
                .weeks
                .into_iter()
                .map(|(monday, counts)| WeekRow {
                    week: iso_week(monday),
                    overall_score: counts.overall_score(),
                    calls_evaluated: counts.evaluations,
                })
                .collect(),
            by_agent: counts
                .agents
                .into_iter()
                .map(|(agent, counts)| AgentRow {
                    agent_id: agent.id,
                    agent: agent.name,
                    calls_evaluated: counts.evaluations,
                    overall_score: counts.overall_score(),
                    pass_rate: counts.pass_rate(),
                })
                .collect(),
            by_campaign: counts
                .campaigns
                .into_iter()
                .map(|(campaign, counts)| CampaignRow {
                    campaign_id: campaign.id,
                    campaign: campaign.name,
                    calls_evaluated: counts.evaluations,
                    overall_score: counts.overall_score(),
                    pass_rate: counts.pass_rate(),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overall_score_is_over_evaluations_not_over_weeks() {
        let weeks = [
            ("2024-01-01", 8_210, 201),
            ("2024-01-08", 8_480, 215),
            ("2024-01-15", 8_640, 198),
            ("2024-01-22", 8_730, 228),
        ];
        let weeks = weeks.map(|(monday, score, n)| {
            let counts = QualityCounts { evaluations: n, scored: n, passed: n / 2, score_hundredths: score * n };
            (monday.parse().expect("a date"), counts)
        });
        let report = QaPerformance::from(QaCounts { weeks: weeks.to_vec(), ..Default::default() });
        assert_eq!(report.totals.calls_evaluated, 842);
        assert_eq!(report.totals.overall_score, Some(Mean::from_units(8_521)));
        assert_eq!(
            serde_json::to_string(&report.trend[0]).expect("json"),
            r#"{"week":"2024-W01","overall_score":82.1,"calls_evaluated":201}"#
        );
    }

    #[test]
    fn the_rate_of_the_example() {
        let counts = QualityCounts { evaluations: 312, scored: 312, passed: 250, score_hundredths: 312 * 8_610 };
        assert_eq!(
            (counts.overall_score(), counts.pass_rate()),
            (Some(Mean::from_units(8_610)), Fraction::from_units(8_013))
        );
    }

    #[test]
    fn nothing_is_null_and_0() {
        assert_eq!(
            serde_json::to_string(&QaPerformance::from(QaCounts::default())).expect("json"),
            r#"{"calls_evaluated":0,"overall_score":null,"pass_rate":0,"parameter_breakdown":[],"trend":[],"by_agent":[],"by_campaign":[]}"#
        );
    }
}
