//! Parameters: the questions of a scorecard, by what evaluations brought them.

use serde::{Deserialize, Serialize};

use crate::{Fraction, Mean};

/// What the database counted of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ParameterCounts {
    /// What is asked, as the newest version says that was evaluated with.
    pub parameter: String,
    /// Evaluations that answer it, or leave it unanswered: all but those where it is "na".
    pub answered: i64,
    /// Those whose points are at least the version's pass score in percent of the weight.
    pub passed: i64,
    /// The sum of their points, in hundredths.
    pub points_hundredths: i64,
    /// The sum of what it weighed in them, in hundredths.
    pub weight_hundredths: i64,
    /// What it weighs in the newest version that was evaluated with, in hundredths.
    pub newest_weight_hundredths: i64,
}

/// A question in the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// What is asked.
    pub parameter: String,
    /// The mean of its points; none where all are "na".
    pub avg_score: Option<Mean>,
    /// Its weight: the mean of its weights, where versions weigh it otherwise, so that no mean of points is more.
    pub max_score: Mean,
    /// Those that pass it / those that are not "na".
    pub pass_rate: Fraction,
}

impl ParameterCounts {
    fn mean(&self, hundredths: i64) -> Option<Mean> {
        (self.answered > 0).then(|| Mean::ratio(hundredths.into(), i128::from(self.answered) * 100))
    }

    /// The mean of its points.
    pub fn avg_score(&self) -> Option<Mean> {
        self.mean(self.points_hundredths)
    }

    /// Its weight.
    pub fn max_score(&self) -> Mean {
        self.mean(self.weight_hundredths).unwrap_or(Mean::from_units(self.newest_weight_hundredths))
    }

    /// The mean of weight minus points; none where all are "na".
    pub fn points_lost(&self) -> Option<Mean> {
        self.mean(self.weight_hundredths - self.points_hundredths)
    }

    /// Those that pass it / those that are not "na".
    pub fn pass_rate(&self) -> Fraction {
        Fraction::fraction_of(self.passed, self.answered)
    }
}

impl From<ParameterCounts> for Parameter {
    fn from(counts: ParameterCounts) -> Self {
        Self {
            avg_score: counts.avg_score(),
            max_score: counts.max_score(),
            pass_rate: counts.pass_rate(),
            parameter: counts.parameter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_means_over_what_is_not_na() {
        // Weight 10; 8, 10 and 0 points, and one "na".
        let counts = ParameterCounts {
            parameter: "Greeting".into(),
            answered: 3,
            passed: 2,
            points_hundredths: 1_800,
            weight_hundredths: 3_000,
            newest_weight_hundredths: 1_000,
        };
        assert_eq!(counts.points_lost(), Some(Mean::from_units(400)));
        assert_eq!(
            serde_json::to_string(&Parameter::from(counts)).expect("json"),
            r#"{"parameter":"Greeting","avg_score":6,"max_score":10,"pass_rate":0.6667}"#
        );
    }

    #[test]
    fn without_an_answer_there_is_no_mean_but_a_weight() {
        let counts = ParameterCounts { newest_weight_hundredths: 1_250, ..Default::default() };
        assert_eq!((counts.points_lost(), counts.avg_score()), (None, None));
        assert_eq!((counts.max_score(), counts.pass_rate()), (Mean::from_units(1_250), Fraction::ZERO));
    }

    #[test]
    fn a_weight_that_changed_is_a_mean_too() {
        // 10 of 10 and 10 of 20: without this a mean of 10 points of the newest weight 5 would be possible.
        let counts = ParameterCounts {
            answered: 2,
            points_hundredths: 2_000,
            weight_hundredths: 3_000,
            newest_weight_hundredths: 500,
            ..Default::default()
        };
        assert_eq!(counts.max_score(), Mean::from_units(1_500));
        assert_eq!(counts.avg_score(), Some(Mean::from_units(1_000)));
        assert_eq!(counts.points_lost(), Some(Mean::from_units(500)));
    }
}
