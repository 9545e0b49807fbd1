//! Coaching: agents, the weakest first, and what costs them most.

use serde::Serialize;
use uuid::Uuid;

use super::{ParameterCounts, QualityCounts};
use crate::agents::{StateMicros, StateSeconds};
use crate::{Fraction, Mean, Percent};

/// How many parameters are listed of an agent.
pub const LOWEST: usize = 3;
/// A parameter that more of the evaluations pass is nothing to talk about, though points may have been lost.
const GOOD_PASS_RATE: Fraction = Fraction::from_units(8_000);

/// What the database counted of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentCounts {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// Calls that started in the window.
    pub calls: i64,
    /// The sum of their talk seconds.
    pub talk_secs: i64,
    /// Completed intervals that ended in the window.
    pub states: StateMicros,
    /// Evaluations submitted in the window.
    pub quality: QualityCounts,
    /// The parameters that most points are lost at, worst first, at most [`LOWEST`].
    pub lowest: Vec<ParameterCounts>,
}

/// A parameter of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LowestParameter {
    /// What is asked.
    pub parameter: String,
    /// The mean of its points.
    pub avg_score: Option<Mean>,
    /// Its weight.
    pub max_score: Mean,
    /// Those that pass it / those that are not "na".
    pub pass_rate: Fraction,
    /// The mean of weight minus points.
    pub points_lost: Option<Mean>,
}

/// One agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentRow {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// Calls that started in the window.
    pub calls: i64,
    /// The sum of their talk seconds.
    pub talk_secs: i64,
    /// (busy + wrap) / (available + busy + wrap), of whole seconds.
    pub occupancy: Fraction,
    /// Evaluations submitted in the window.
    pub calls_evaluated: i64,
    /// Their mean score; none over nothing.
    pub overall_score: Option<Mean>,
    /// Those that pass / those that have a score.
    pub pass_rate: Fraction,
    /// The parameters that most points are lost at, worst first.
    pub lowest_parameters: Vec<LowestParameter>,
    /// What to talk about: those of them that lose points and that too few pass.
    pub focus_areas: Vec<String>,
}

/// The data of `agent_coaching`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentCoaching {
    /// The weakest first: by score, then by pass rate, then by name; those without a score last.
    pub agents: Vec<AgentRow>,
}

impl From<ParameterCounts> for LowestParameter {
    fn from(counts: ParameterCounts) -> Self {
        Self {
            avg_score: counts.avg_score(),
            max_score: counts.max_score(),
            pass_rate: counts.pass_rate(),
            points_lost: counts.points_lost(),
            parameter: counts.parameter,
        }
    }
}

/// "Product Pitch Accuracy: 3.9 of 20 points lost per call, 72 % of calls pass"
fn focus_area(counts: &ParameterCounts) -> Option<String> {
    let lost = counts.points_lost().filter(|lost| *lost > Mean::ZERO && counts.pass_rate() < GOOD_PASS_RATE)?;
    let passing = Percent::of(counts.passed, counts.answered);
    let (parameter, weight) = (&counts.parameter, counts.max_score());
    Some(format!("{parameter}: {lost} of {weight} points lost per call, {passing} % of calls pass"))
}

impl From<AgentCounts> for AgentRow {
    fn from(counts: AgentCounts) -> Self {
        let states = StateSeconds::from(counts.states);
        let working = states.busy_secs + states.wrap_secs;
        Self {
            agent_id: counts.agent_id,
            agent: counts.agent,
            calls: counts.calls,
            talk_secs: counts.talk_secs,
            occupancy: Fraction::fraction_of(working, states.available_secs + working),
            calls_evaluated: counts.quality.evaluations,
            overall_score: counts.quality.overall_score(),
            pass_rate: counts.quality.pass_rate(),
            focus_areas: counts.lowest.iter().filter_map(focus_area).collect(),
            lowest_parameters: counts.lowest.into_iter().map(LowestParameter::from).collect(),
        }
    }
}

impl AgentCoaching {
    /// The report from its agents, in any order.
    pub fn new(agents: Vec<AgentCounts>) -> Self {
        let mut agents: Vec<AgentRow> = agents.into_iter().map(AgentRow::from).collect();
        // By the numbers that are shown, so that whoever reads the report can see why.
        agents.sort_by(|a, b| {
            let key = |row: &AgentRow| (row.overall_score.is_none(), row.overall_score, row.pass_rate);
            key(a).cmp(&key(b)).then_with(|| (&a.agent, a.agent_id).cmp(&(&b.agent, b.agent_id)))
        });
        Self { agents }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, answered: i64, passed: i64, points: i64, weight: i64) -> ParameterCounts {
        ParameterCounts {
            parameter: name.into(),
            answered,
            passed,
            points_hundredths: points,
            weight_hundredths: answered * weight,
            newest_weight_hundredths: weight,
        }
    }

    fn agent(id: u128, name: &str, scored: i64, score: i64, passed: i64) -> AgentCounts {
        AgentCounts {
            agent_id: Uuid::from_u128(id),
            agent: name.into(),
            quality: QualityCounts { evaluations: scored, scored, passed, score_hundredths: scored * score },
            ..Default::default()
        }
    }

    #[test]
    fn an_area_is_a_sentence_of_the_numbers() {
        let row = AgentRow::from(AgentCounts {
            lowest: vec![
                parameter("Product Pitch Accuracy", 25, 18, 25 * 1_610, 2_000),
                parameter("Four in five pass", 5, 4, 4_000, 1_000),
                parameter("Closing", 3, 1, 1_000, 1_000),
            ],
            ..Default::default()
        });
        assert_eq!(
            row.focus_areas,
            [
                "Product Pitch Accuracy: 3.9 of 20 points lost per call, 72 % of calls pass",
                "Closing: 6.67 of 10 points lost per call, 33.33 % of calls pass"
            ]
        );
        assert_eq!(
            serde_json::to_string(&row.lowest_parameters[0]).expect("json"),
            r#"{"parameter":"Product Pitch Accuracy","avg_score":16.1,"max_score":20,"pass_rate":0.72,"points_lost":3.9}"#
        );
    }

    #[test]
    fn nothing_is_said_where_nothing_is_wrong() {
        let all_right = vec![parameter("a", 5, 5, 5_000, 1_000), parameter("b", 0, 0, 0, 1_000)];
        let row = AgentRow::from(AgentCounts { lowest: all_right, ..Default::default() });
        assert_eq!((row.focus_areas.len(), row.lowest_parameters.len()), (0, 2));
        // A pass score of 0: points are lost, and yet everybody passes; one of 100 that nobody reaches by no point at all.
        assert_eq!(focus_area(&parameter("c", 5, 5, 0, 1_000)), None);
        assert_eq!(focus_area(&parameter("d", 5, 0, 5_000, 1_000)), None);
    }

    #[test]
    fn the_weakest_come_first_and_the_unknown_last() {
        let report = AgentCoaching::new(vec![
            agent(1, "Zoe", 0, 0, 0),
            agent(2, "Ana", 2, 9_000, 1),
            agent(3, "Bob", 2, 5_000, 1),
            agent(4, "Cyd", 2, 5_000, 0),
            agent(6, "Bob", 2, 5_000, 1),
            agent(5, "Abe", 0, 0, 0),
        ]);
        let ids: Vec<u128> = report.agents.iter().map(|row| row.agent_id.as_u128()).collect();
        assert_eq!(ids, [4, 3, 6, 2, 5, 1]);
        assert_eq!(report.agents[5].overall_score, None);
    }

    #[test]
    fn occupancy_of_the_definition_is_a_fraction() {
        let states =
            StateMicros { available: 2_700_000_000, busy: 5_400_000_000, wrap: 900_000_000, ..Default::default() };
        let row = AgentRow::from(AgentCounts { states, ..Default::default() });
        assert_eq!(row.occupancy, Fraction::from_units(7_000));
        assert_eq!(AgentRow::from(AgentCounts::default()).occupancy, Fraction::ZERO);
    }
}
