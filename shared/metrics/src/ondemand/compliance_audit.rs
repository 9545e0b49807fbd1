//! Compliance checks of calls: how many, which were violated, by rule and severity.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Fraction;

/// Severities, the worst first.
const WORST_FIRST: [&str; 4] = ["critical", "high", "medium", "low"];

/// What the database counted of one rule at one severity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct RuleCounts {
    /// The rule.
    pub rule: String,
    /// How bad it is to violate it.
    pub severity: String,
    /// Checks.
    pub checks: i64,
    /// Those that failed.
    pub violations: i64,
}

/// Over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Checks in the window.
    pub checks_total: i64,
    /// Those that passed.
    pub checks_passed: i64,
    /// passed / total
    pub pass_rate: Fraction,
}

impl Totals {
    /// Checks that did not pass.
    pub fn violations(&self) -> i64 {
        self.checks_total - self.checks_passed
    }
}

/// A check that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The check.
    pub check_id: Uuid,
    /// The call that was checked.
    pub call_id: Uuid,
    /// The name of the agent, if it names one.
    pub agent: Option<String>,
    /// The name of the campaign, if it names one.
    pub campaign: Option<String>,
    /// What was violated.
    pub rule: String,
    /// How bad that is.
    pub severity: String,
    /// What exactly.
    pub detail: Option<String>,
    /// When it was checked.
    #[serde(serialize_with = "crate::time::instant")]
    pub checked_at: DateTime<Utc>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// The rule.
    pub rule: String,
    /// Checks.
    pub checks: i64,
    /// Those that failed.
    pub violations: i64,
    /// Those that passed / checks.
    pub pass_rate: Fraction,
}

/// One severity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SeverityRow {
    /// critical, high, medium or low.
    pub severity: String,
    /// Checks of it that failed.
    pub violations: i64,
}

/// The data of `compliance_audit` but for the violations, of which there may be more than fit into memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditSummary {
    /// Over the window.
    pub totals: Totals,
    /// Rules that were checked, by name.
    pub by_rule: Vec<RuleRow>,
    /// Severities that were checked, the worst first.
    pub by_severity: Vec<SeverityRow>,
}

/// The data of `compliance_audit`, with these violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ComplianceAudit<'a> {
    /// Over the window.
    #[serde(flatten)]
    pub totals: Totals,
    /// In the order of `checked_at`, then of ids.
    pub violations: &'a [Violation],
    /// Rules that were checked, by name.
    pub by_rule: &'a [RuleRow],
    /// Severities that were checked, the worst first.
    pub by_severity: &'a [SeverityRow],
}

impl AuditSummary {
    /// The summary from what was counted, ordered by rule.
    pub fn new(counts: Vec<RuleCounts>) -> Self {
        let severities = WORST_FIRST.iter().filter_map(|severity| {
            let mut of_it = counts.iter().filter(|counts| counts.severity == *severity).peekable();
            of_it.peek()?;
            Some(SeverityRow { severity: (*severity).into(), violations: of_it.map(|counts| counts.violations).sum() })
        });
        let by_severity = severities.collect();
        let mut by_rule: Vec<RuleRow> = Vec::new();
        for counts in counts {
            match by_rule.last_mut().filter(|row| row.rule == counts.rule) {
                Some(row) => {
                    row.checks += counts.checks;
                    row.violations += counts.violations;
                }
                None => by_rule.push(RuleRow {
                    rule: counts.rule,
                    checks: counts.checks,
                    violations: counts.violations,
                    pass_rate: Fraction::ZERO,
                }),
            }
        }
        for row in &mut by_rule {
            row.pass_rate = Fraction::fraction_of(row.checks - row.violations, row.checks);
        }
        let checks_total = by_rule.iter().map(|row| row.checks).sum();
        let checks_passed = by_rule.iter().map(|row| row.checks - row.violations).sum();
        let pass_rate = Fraction::fraction_of(checks_passed, checks_total);
        Self { totals: Totals { checks_total, checks_passed, pass_rate }, by_rule, by_severity }
    }

    /// The whole of it with these violations.
    pub fn with<'a>(&'a self, violations: &'a [Violation]) -> ComplianceAudit<'a> {
        ComplianceAudit { totals: self.totals, violations, by_rule: &self.by_rule, by_severity: &self.by_severity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_severities_are_sums_of_both() {
        let counts = |rule: &str, severity: &str, checks, violations| RuleCounts {
            rule: rule.into(),
            severity: severity.into(),
            checks,
            violations,
        };
        let audit = AuditSummary::new(vec![
            counts("DISCLOSURE", "high", 3, 1),
            counts("DISCLOSURE", "low", 4, 0),
            counts("consent", "critical", 1, 1),
        ]);
        assert_eq!(
            serde_json::to_string(&audit.with(&[])).expect("json"),
            r#"{"checks_total":8,"checks_passed":6,"pass_rate":0.75,"violations":[],"by_rule":[{"rule":"DISCLOSURE","checks":7,"violations":1,"pass_rate":0.8571},{"rule":"consent","checks":1,"violations":1,"pass_rate":0}],"by_severity":[{"severity":"critical","violations":1},{"severity":"high","violations":1},{"severity":"low","violations":0}]}"#
        );
        assert_eq!(audit.totals.violations(), 2);
    }

    #[test]
    fn nothing_was_checked() {
        let audit = AuditSummary::new(vec![]);
        assert_eq!((audit.totals, audit.by_severity.len()), (Totals::default(), 0));
    }
}
