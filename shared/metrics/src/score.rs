//! The QA score of one evaluation against a weighted scorecard.

use serde::{Deserialize, Serialize, Serializer};

use crate::fixed::Fixed;
use crate::{Decimal2, Mean};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuestionKind {
    /// 1 to 5: a fifth of the weight for each.
    #[serde(rename = "scale_1_5")]
    Scale1To5,
    /// Yes earns the weight, no earns 0.
    #[serde(rename = "yes_no")]
    YesNo,
}

/// A question of a scorecard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// How it is answered.
    pub kind: QuestionKind,
    /// Greater than 0.
    pub weight: Decimal2,
    /// Failing it makes the whole score 0.
    pub critical: bool,
}

/// An answer that fits its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 1 to 5.
    Scale(u8),
    /// Yes or no.
    YesNo(bool),
    /// Not applicable: the weight leaves the total.
    NotApplicable,
}

impl Serialize for Answer {
    /// As clients send it: 1 to 5, true or false, "na".
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scale(n) => serializer.serialize_u8(*n),
            Self::YesNo(yes) => serializer.serialize_bool(*yes),
            Self::NotApplicable => serializer.serialize_str("na"),
        }
    }
}

/// What one evaluation is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100; none when every question is "na".
    pub score: Option<Mean>,
    /// Whether the score reaches the scorecard's pass score; none without a score.
    pub passed: Option<bool>,
    /// Points of each question, in the scorecard's order; none for "na". A failed critical question leaves them as they are.
    pub points: Vec<Option<Decimal2>>,
}

/// Fifths of a hundredth of a point, so that a step of the scale is exact.
type Exact = i128;
const FIFTHS: Exact = 5;

/// Scores an evaluation: `earned / total weight * 100`, 2 decimals. An unanswered question earns 0 and its weight counts.
pub fn score(questions: &[(Question, Option<Answer>)], pass_score: Decimal2) -> Score {
    let mut earned_fifths: Exact = 0;
    let mut total: Exact = 0;
    let mut critical_failed = false;
    let mut points = Vec::with_capacity(questions.len());
    for (question, answer) in questions {
        let weight = Exact::from(question.weight.units());
        let fifths = match answer {
            Some(Answer::NotApplicable) => {
                points.push(None);
                continue;
            }
            Some(Answer::Scale(n)) => Exact::from(*n) * weight,
            Some(Answer::YesNo(true)) => FIFTHS * weight,
            Some(Answer::YesNo(false)) | None => 0,
        };
        critical_failed |= question.critical && matches!(answer, None | Some(Answer::YesNo(false) | Answer::Scale(1)));
        earned_fifths += fifths;
        total += weight;
        points.push(Some(Decimal2::ratio(fifths, FIFTHS * 100)));
    }
    if total == 0 {
        return Score { score: None, passed: None, points };
    }
    let earned_fifths = if critical_failed { 0 } else { earned_fifths };
    let score: Fixed<2> = Mean::ratio(earned_fifths * 100, FIFTHS * total);
    Score { score: Some(score), passed: Some(score >= pass_score), points }
}

/// Whether a question passes: its points are at least `pass_score` percent of its weight, in exact arithmetic.
pub fn question_passes(points: Decimal2, weight: Decimal2, pass_score: Decimal2) -> bool {
    Exact::from(points.units()) * 10_000 >= Exact::from(pass_score.units()) * Exact::from(weight.units())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PASS: Decimal2 = Decimal2::from_units(8_000);

    fn question(kind: QuestionKind, weight: i64) -> Question {
        Question { kind, weight: Decimal2::from_units(weight * 100), critical: false }
    }

    #[test]
    fn the_examples_of_the_definitions() {
        let scale = question(QuestionKind::Scale1To5, 10);
        let yes_no = question(QuestionKind::YesNo, 20);
        let both = score(&[(scale, Some(Answer::Scale(4))), (yes_no, Some(Answer::YesNo(true)))], PASS);
        assert_eq!(both.score, Some(Mean::from_units(9_333)));
        assert_eq!(both.passed, Some(true));
        assert_eq!(both.points, [Some(Decimal2::from_units(800)), Some(Decimal2::from_units(2_000))]);
        let one = score(&[(scale, Some(Answer::Scale(4))), (yes_no, None)], PASS);
        assert_eq!(one.score, Some(Mean::from_units(2_667)));
        assert_eq!(one.passed, Some(false));
    }

    #[test]
    fn a_question_passes_at_its_share_of_the_weight() {
        let passes = |points, weight| question_passes(Decimal2::from_units(points), Decimal2::from_units(weight), PASS);
        assert!(passes(800, 1_000));
        assert!(!passes(799, 1_000));
        assert!(passes(1_000, 1_000));
    }

    #[test]
    fn na_takes_its_weight_out() {
        let scale = question(QuestionKind::Scale1To5, 10);
        let some = score(&[(scale, Some(Answer::Scale(5))), (scale, Some(Answer::NotApplicable))], PASS);
        assert_eq!(some.score, Some(Mean::from_units(10_000)));
        let none = score(&[(scale, Some(Answer::NotApplicable))], PASS);
        assert_eq!((none.score, none.passed), (None, None));
    }

    #[test]
    fn a_failed_critical_question_makes_it_zero_and_leaves_the_points() {
        let critical = Question { critical: true, ..question(QuestionKind::YesNo, 10) };
        let critical_scale = Question { critical: true, ..question(QuestionKind::Scale1To5, 10) };
        let other = question(QuestionKind::YesNo, 10);
        for failed in
            [(critical, Some(Answer::YesNo(false))), (critical, None), (critical_scale, Some(Answer::Scale(1)))]
        {
            let result = score(&[(other, Some(Answer::YesNo(true))), failed], PASS);
            assert_eq!(result.score, Some(Mean::ZERO));
            assert_eq!(result.points[0], Some(Decimal2::from_units(1_000)));
        }
        let passed = score(&[(critical_scale, Some(Answer::Scale(2)))], PASS);
        assert_eq!(passed.score, Some(Mean::from_units(4_000)));
        let na = score(&[(critical, Some(Answer::NotApplicable)), (other, Some(Answer::YesNo(true)))], PASS);
        assert_eq!(na.score, Some(Mean::from_units(10_000)));
    }

    proptest! {
        #[test]
        fn a_score_is_between_0_and_100(rows in prop::collection::vec((1_i64..100_000, 0_u8..8, any::<bool>()), 1..50)) {
            let questions: Vec<_> = rows
                .iter()
                .map(|&(weight, answer, critical)| {
                    let kind = if answer < 5 { QuestionKind::Scale1To5 } else { QuestionKind::YesNo };
                    let answer = match answer {
                        0 => None,
                        n @ 1..=5 if kind == QuestionKind::Scale1To5 => Some(Answer::Scale(n)),
                        6 => Some(Answer::NotApplicable),
                        n => Some(Answer::YesNo(n == 7)),
                    };
                    (Question { kind, weight: Decimal2::from_units(weight), critical }, answer)
                })
                .collect();
            let result = score(&questions, PASS);
            if let Some(score) = result.score {
                prop_assert!((0..=10_000).contains(&score.units()));
                prop_assert_eq!(result.passed, Some(score >= PASS));
            }
            for ((question, _), points) in questions.iter().zip(&result.points) {
                prop_assert!(points.is_none_or(|points| points >= Decimal2::ZERO && points <= question.weight));
            }
        }
    }
}
