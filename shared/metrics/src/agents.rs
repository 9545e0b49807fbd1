//! The agent report: calls, time in state, occupancy and quality.

use std::iter::Sum;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::fixed::whole_seconds;
use crate::{Mean, Percent};

/// Microseconds of the completed intervals in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateMicros {
    /// Waiting for a call.
    pub available: i64,
    /// On a call.
    pub busy: i64,
    /// Wrapping a call up.
    pub wrap: i64,
    /// On a break.
    pub on_break: i64,
    /// Signed off.
    pub offline: i64,
}

/// Whole seconds in each state: rounded once, on the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StateSeconds {
    /// Waiting for a call.
    pub available_secs: i64,
    /// On a call.
    pub busy_secs: i64,
    /// Wrapping a call up.
    pub wrap_secs: i64,
    /// On a break.
    pub break_secs: i64,
    /// Signed off.
    pub offline_secs: i64,
    /// (busy + wrap) / (available + busy + wrap), a percentage of the seconds shown.
    pub occupancy: Percent,
}

impl StateSeconds {
    fn new(available_secs: i64, busy_secs: i64, wrap_secs: i64, break_secs: i64, offline_secs: i64) -> Self {
        let occupancy = Percent::of(busy_secs + wrap_secs, available_secs + busy_secs + wrap_secs);
        Self { available_secs, busy_secs, wrap_secs, break_secs, offline_secs, occupancy }
    }
}

impl From<StateMicros> for StateSeconds {
    fn from(micros: StateMicros) -> Self {
        Self::new(
            whole_seconds(micros.available),
            whole_seconds(micros.busy),
            whole_seconds(micros.wrap),
            whole_seconds(micros.on_break),
            whole_seconds(micros.offline),
        )
    }
}

impl<'a> Sum<&'a StateSeconds> for StateSeconds {
    fn sum<I: Iterator<Item = &'a StateSeconds>>(rows: I) -> Self {
        rows.fold(Self::default(), |t, r| {
            Self::new(
                t.available_secs + r.available_secs,
                t.busy_secs + r.busy_secs,
                t.wrap_secs + r.wrap_secs,
                t.break_secs + r.break_secs,
                t.offline_secs + r.offline_secs,
            )
        })
    }
}

/// Evaluations and the sum of their scores, so that means can be made over any set of agents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScoreSum {
    /// Evaluations.
    pub evaluations: i64,
    /// Those that have a score (an evaluation whose every answer is "na" has none).
    pub scored: i64,
    /// The sum of the scores, in hundredths of a point.
    pub hundredths: i64,
}

impl ScoreSum {
    /// The mean score, 0 to 100; none over nothing.
    pub fn mean(&self) -> Option<Mean> {
        (self.scored > 0).then(|| Mean::ratio(i128::from(self.hundredths), i128::from(self.scored) * 100))
    }
}

impl Sum for ScoreSum {
    fn sum<I: Iterator<Item = ScoreSum>>(sums: I) -> Self {
        sums.fold(Self::default(), |t, s| Self {
            evaluations: t.evaluations + s.evaluations,
            scored: t.scored + s.scored,
            hundredths: t.hundredths + s.hundredths,
        })
    }
}

impl Serialize for ScoreSum {
    /// As `qa_evaluations` and `qa_avg_score`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("ScoreSum", 2)?;
        fields.serialize_field("qa_evaluations", &self.evaluations)?;
        fields.serialize_field("qa_avg_score", &self.mean())?;
        fields.end()
    }
}

/// What the database counted of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentCounts {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// The live state, not windowed.
    pub state: String,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// Calls that started in the window.
    pub calls: i64,
    /// The sum of their talk seconds.
    pub talk_secs: i64,
    /// Completed intervals that ended in the window.
    pub states: StateMicros,
    /// Evaluations submitted in the window.
    pub quality: ScoreSum,
}

/// One agent of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentRow {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// The live state, not windowed.
    pub state: String,
    /// Since when.
    #[serde(serialize_with = "crate::time::instant")]
    pub state_since: DateTime<Utc>,
    /// Calls that started in the window.
    pub calls: i64,
    /// The sum of their talk seconds.
    pub talk_secs: i64,
    /// Time in state and occupancy.
    #[serde(flatten)]
    pub states: StateSeconds,
    /// Submitted evaluations and their mean score.
    #[serde(flatten)]
    pub quality: ScoreSum,
}

/// Sums of the rows; occupancy and mean score recomputed from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AgentTotals {
    /// Calls.
    pub calls: i64,
    /// Talk seconds.
    pub talk_secs: i64,
    /// Time in state and occupancy.
    #[serde(flatten)]
    pub states: StateSeconds,
    /// Submitted evaluations and their mean score.
    #[serde(flatten)]
    pub quality: ScoreSum,
}

/// The agent report's own part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agents {
    /// One per agent, by name.
    pub rows: Vec<AgentRow>,
    /// Over the rows.
    pub totals: AgentTotals,
}

impl Agents {
    /// The report from its agents, in their order.
    pub fn new(agents: Vec<AgentCounts>) -> Self {
        let rows: Vec<AgentRow> = agents
            .into_iter()
            .map(|a| AgentRow {
                agent_id: a.agent_id,
                agent: a.agent,
                state: a.state,
                state_since: a.state_since,
                calls: a.calls,
                talk_secs: a.talk_secs,
                states: a.states.into(),
                quality: a.quality,
            })
            .collect();
        let totals = AgentTotals {
            calls: rows.iter().map(|row| row.calls).sum(),
            talk_secs: rows.iter().map(|row| row.talk_secs).sum(),
            states: rows.iter().map(|row| &row.states).sum(),
            quality: rows.iter().map(|row| row.quality).sum(),
        };
        Self { rows, totals }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn occupancy_of_the_definition() {
        let states = StateSeconds::from(StateMicros {
            available: 2_700 * SECOND,
            busy: 5_400 * SECOND,
            wrap: 900 * SECOND,
            on_break: 10 * SECOND,
            offline: 10 * SECOND,
        });
        assert_eq!(states.occupancy, Percent::from_units(7_000));
    }

    #[test]
    fn seconds_are_rounded_once_on_the_sum() {
        let states = StateSeconds::from(StateMicros { busy: 3 * 400_000, ..Default::default() });
        assert_eq!(states.busy_secs, 1);
    }

    #[test]
    fn a_mean_over_nothing_is_null() {
        assert_eq!(ScoreSum::default().mean(), None);
        let all_na = ScoreSum { evaluations: 2, scored: 0, hundredths: 0 };
        assert_eq!(
            serde_json::to_value(all_na).expect("json"),
            serde_json::json!({"qa_evaluations": 2, "qa_avg_score": null})
        );
    }

    #[test]
    fn the_mean_is_over_evaluations_not_over_groups() {
        let weeks = [(8210, 201), (8480, 215), (8640, 198), (8730, 228)];
        let overall: ScoreSum =
            weeks.iter().map(|&(score, n)| ScoreSum { evaluations: n, scored: n, hundredths: score * n }).sum();
        assert_eq!(overall.mean(), Some(Mean::from_units(8521)));
    }

    proptest! {
        #[test]
        fn occupancy_never_exceeds_a_hundred(available in 0_i64..1 << 50, busy in 0_i64..1 << 50, wrap in 0_i64..1 << 50) {
            let states = StateSeconds::from(StateMicros { available, busy, wrap, ..Default::default() });
            prop_assert!((0..=10_000).contains(&states.occupancy.units()));
        }
    }
}
