//! Dispositions: how dial attempts ended, by code.

use serde::{Deserialize, Serialize};

use crate::Percent;

/// What the database counted of one code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DispositionCounts {
    /// The dialer's code.
    pub code: String,
    /// Its label; the code itself where it is not defined.
    pub label: String,
    /// Its category; `unknown` where it is not defined.
    pub category: String,
    /// Attempts that ended with it.
    pub count: i64,
}

/// One code of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DispositionRow {
    /// The dialer's code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// Its category.
    pub category: String,
    /// Attempts that ended with it.
    pub count: i64,
    /// count / attempts that have a code, a percentage.
    pub share: Percent,
}

/// Over all codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DispositionTotals {
    /// Attempts that have a code.
    pub count: i64,
}

/// The disposition report's own part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dispositions {
    /// One per code that occurred, largest count first.
    pub rows: Vec<DispositionRow>,
    /// Over all codes.
    pub totals: DispositionTotals,
}

impl Dispositions {
    /// The report from its codes, in their order.
    pub fn new(codes: Vec<DispositionCounts>) -> Self {
        let total = codes.iter().map(|code| code.count).sum();
        let rows = codes
            .into_iter()
            .map(|c| DispositionRow {
                code: c.code,
                label: c.label,
                category: c.category,
                count: c.count,
                share: Percent::of(c.count, total),
            })
            .collect();
        Self { rows, totals: DispositionTotals { count: total } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_that_were_counted() {
        let code = |code: &str, count| DispositionCounts {
            code: code.into(),
            label: code.into(),
            category: "x".into(),
            count,
        };
        let report = Dispositions::new(vec![code("A", 2), code("B", 1)]);
        assert_eq!(report.totals.count, 3);
        assert_eq!(report.rows[0].share, Percent::from_units(6667));
        assert_eq!(report.rows[1].share, Percent::from_units(3333));
    }
}
