//! The data of the on-demand reports: one file a type, its fields in the order in which they are written.
//!
//! Rates and shares are fractions with 4 decimals, 0 over nothing; means are null over nothing. Scores, points and seconds
//! have 2 decimals.

pub mod agent_coaching;
pub mod call_summary;
pub mod campaign_performance;
pub mod compliance_audit;
mod parameters;
pub mod qa_performance;

pub use parameters::{Parameter, ParameterCounts};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agents::ScoreSum;
use crate::{Fraction, Mean};

/// The ISO week of a date: `2024-W01`, which began in the year before.
pub fn iso_week(date: NaiveDate) -> String {
    date.format("%G-W%V").to_string()
}

/// What the database counted of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeCounts {
    /// The dialer's code.
    pub code: String,
    /// Its label; the code itself where it is not defined.
    pub label: String,
    /// How often.
    pub count: i64,
}

/// One code of a mix of dispositions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Disposition {
    /// The dialer's code.
    pub code: String,
    /// Its label; the code itself where it is not defined.
    pub label: String,
    /// How often.
    pub count: i64,
    /// count / all that have a code.
    pub share: Fraction,
}

/// The mix of these codes, in their order.
fn dispositions(codes: Vec<CodeCounts>) -> Vec<Disposition> {
    let total = codes.iter().map(|code| code.count).sum();
    let share = |count| Fraction::fraction_of(count, total);
    codes
        .into_iter()
        .map(|CodeCounts { code, label, count }| Disposition { code, label, count, share: share(count) })
        .collect()
}

/// What the database counted of submitted evaluations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct QualityCounts {
    /// Evaluations.
    pub evaluations: i64,
    /// Those that have a score (one whose every answer is "na" has none).
    pub scored: i64,
    /// Those that pass.
    pub passed: i64,
    /// The sum of the scores, in hundredths of a point.
    pub score_hundredths: i64,
}

impl QualityCounts {
    /// Their mean score, 0 to 100, not that of any groups of them; none over nothing.
    pub fn overall_score(&self) -> Option<Mean> {
        ScoreSum { evaluations: self.evaluations, scored: self.scored, hundredths: self.score_hundredths }.mean()
    }

    /// Those that pass / those that have a score.
    pub fn pass_rate(&self) -> Fraction {
        Fraction::fraction_of(self.passed, self.scored)
    }
}

impl std::iter::Sum for QualityCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, part| Self {
            evaluations: total.evaluations + part.evaluations,
            scored: total.scored + part.scored,
            passed: total.passed + part.passed,
            score_hundredths: total.score_hundredths + part.score_hundredths,
        })
    }
}

/// A campaign or an agent, by which something is broken down. None stands for what is of none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let week = |text: &str| iso_week(text.parse().expect("a date"));
        assert_eq!(week("2024-01-01"), "2024-W01");
        assert_eq!(week("2024-01-28"), "2024-W04");
        assert_eq!(week("2027-01-03"), "2026-W53");
        assert_eq!(week("2024-12-30"), "2025-W01");
        assert_eq!(week("0005-06-01"), "0005-W22");
    }

    #[test]
    fn shares_are_of_what_has_a_code() {
        let code = |code: &str, count| CodeCounts { code: code.into(), label: code.into(), count };
        let mix = dispositions(vec![code("A", 2), code("B", 1)]);
        assert_eq!(mix.iter().map(|row| row.share.units()).collect::<Vec<_>>(), [6_667, 3_333]);
    }
}
