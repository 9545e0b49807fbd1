//! QA scores by agent, drafts included.

use serde::Serialize;
use uuid::Uuid;

use crate::agents::ScoreSum;
use crate::{Decimal2, Mean, Percent};

/// What the database counted of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentScoreCounts {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// Evaluations begun in the window, drafts among them, and the sum of their scores.
    pub scores: ScoreSum,
    /// Those that are submitted.
    pub submitted: i64,
    /// Those that pass.
    pub passed: i64,
    /// The lowest score; none without any.
    pub min_score: Option<Decimal2>,
    /// The highest score; none without any.
    pub max_score: Option<Decimal2>,
}

/// One agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentScoreRow {
    /// The agent.
    pub agent_id: Uuid,
    /// The agent's name.
    pub agent: String,
    /// Evaluations begun in the window.
    pub evaluations: i64,
    /// Those that are submitted.
    pub submitted: i64,
    /// Those that are not.
    pub drafts: i64,
    /// Mean score of those that have one, 0 to 100.
    pub avg_score: Option<Mean>,
    /// The lowest of them.
    pub min_score: Option<Decimal2>,
    /// The highest of them.
    pub max_score: Option<Decimal2>,
    /// Those that pass / those that have a score.
    pub pass_rate: Percent,
}

/// The scores of a tenant's agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentScores {
    /// One per agent who was evaluated, by name.
    pub rows: Vec<AgentScoreRow>,
}

impl AgentScores {
    /// From the agents who were evaluated, in their order.
    pub fn new(agents: Vec<AgentScoreCounts>) -> Self {
        Self { rows: agents.into_iter().map(AgentScoreRow::from).collect() }
    }
}

impl From<AgentScoreCounts> for AgentScoreRow {
    fn from(counts: AgentScoreCounts) -> Self {
        Self {
            agent_id: counts.agent_id,
            agent: counts.agent,
            evaluations: counts.scores.evaluations,
            submitted: counts.submitted,
            drafts: counts.scores.evaluations - counts.submitted,
            avg_score: counts.scores.mean(),
            min_score: counts.min_score,
            max_score: counts.max_score,
            pass_rate: Percent::of(counts.passed, counts.scores.scored),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_those_that_have_a_score() {
        let score = |units| Some(Decimal2::from_units(units));
        let row = AgentScoreRow::from(AgentScoreCounts {
            scores: ScoreSum { evaluations: 5, scored: 3, hundredths: 9_333 + 2_667 + 8_000 },
            submitted: 4,
            passed: 2,
            min_score: score(2_667),
            max_score: score(9_333),
            ..Default::default()
        });
        assert_eq!((row.evaluations, row.submitted, row.drafts), (5, 4, 1));
        assert_eq!((row.avg_score, row.min_score, row.max_score), (score(6_667), score(2_667), score(9_333)));
        assert_eq!(row.pass_rate, Percent::from_units(6_667));
    }

    #[test]
    fn without_a_score_there_is_no_mean_and_nothing_passes() {
        let all_na = ScoreSum { evaluations: 1, ..Default::default() };
        let row = AgentScoreRow::from(AgentScoreCounts { scores: all_na, ..Default::default() });
        assert_eq!((row.avg_score, row.min_score, row.max_score, row.pass_rate), (None, None, None, Percent::ZERO));
    }
}
