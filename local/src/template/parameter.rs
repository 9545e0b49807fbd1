//! Values of the template's parameters.

use anyhow::{Context, Result, ensure};
use yaml_serde::Value;

use super::yaml::scalar;

/// Refuses what CloudFormation would refuse.
pub fn check(parameter: &Value, value: &str) -> Result<()> {
    if let Some(allowed) = parameter["AllowedValues"].as_sequence() {
        let allowed: Vec<String> = allowed.iter().filter_map(scalar).collect();
        ensure!(allowed.iter().any(|one| one == value), "must be one of {}", allowed.join(", "));
    }
    if let Some(pattern) = parameter["AllowedPattern"].as_str() {
        let whole = regex::Regex::new(&format!("^(?:{pattern})$"))?;
        let words = parameter["ConstraintDescription"].as_str().unwrap_or("does not match its AllowedPattern");
        ensure!(whole.is_match(value), "{words}");
    }
    if parameter["Type"].as_str() == Some("Number") {
        let number: f64 = value.parse().context("must be a number")?;
        let (least, most) = (parameter["MinValue"].as_f64(), parameter["MaxValue"].as_f64());
        ensure!(least.is_none_or(|least| number >= least), "is too small");
        ensure!(most.is_none_or(|most| number <= most), "is too large");
    }
    if let Some(longest) = parameter["MaxLength"].as_u64() {
        ensure!(value.chars().count() as u64 <= longest, "is longer than {longest} characters");
    }
    Ok(())
}
