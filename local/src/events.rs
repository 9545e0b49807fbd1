//! EventBridge: the default bus, and the rules of `template.yaml` that start functions.
//!
//! Patterns of names and lists of texts are known, as its user guide has them; anything else is an error.

use std::sync::{Arc, OnceLock};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::lambda::Lambda;
use crate::template::{FunctionSettings, Template};

/// The default bus.
pub struct EventBridge {
    /// Functions by folder, with the patterns of their rules.
    rules: Vec<(String, Value)>,
    lambda: OnceLock<Arc<Lambda>>,
}

impl EventBridge {
    /// With the template's rules.
    pub fn new(template: &Template) -> Result<Self> {
        let mut rules = Vec::new();
        for FunctionSettings { name, rules: patterns, .. } in template.functions()? {
            for pattern in patterns {
                check(&pattern)?;
                rules.push((name.clone(), pattern));
            }
        }
        Ok(Self { rules, lambda: OnceLock::new() })
    }

    /// From now on events find their functions.
    pub fn connect(&self, lambda: Arc<Lambda>) {
        self.lambda.set(lambda).ok();
    }

    /// Starts, asynchronously, the functions whose rules match an event.
    pub fn publish(&self, event: &Value) {
        let Some(lambda) = self.lambda.get() else { return };
        for (function, _) in self.rules.iter().filter(|(_, pattern)| matches(pattern, event)) {
            lambda.invoke_later(function, event.to_string().into());
        }
    }
}

fn check(pattern: &Value) -> Result<()> {
    match pattern {
        Value::Object(fields) if !fields.is_empty() => fields.values().try_for_each(check),
        Value::Array(values) if !values.is_empty() && values.iter().all(Value::is_string) => Ok(()),
        other => bail!("an event pattern with {other} is not known here"),
    }
}

/// Every field of the pattern has one of its values, or is a list with one of them.
fn matches(pattern: &Value, event: &Value) -> bool {
    match pattern {
        Value::Object(fields) => fields.iter().all(|(name, part)| matches(part, &event[name])),
        Value::Array(values) => match event {
            Value::Array(found) => found.iter().any(|one| values.contains(one)),
            one => values.contains(one),
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pattern_matches_by_every_field() {
        let pattern = json!({"source": ["aws.ses"], "detail": {"mail": {"tags": {"ses:configuration-set": ["ours"]}}}});
        assert!(check(&pattern).is_ok());
        let event =
            |set: &str| json!({"source": "aws.ses", "detail": {"mail": {"tags": {"ses:configuration-set": [set]}}}});
        assert!(matches(&pattern, &event("ours")));
        assert!(!matches(&pattern, &event("theirs")) && !matches(&pattern, &json!({"source": "aws.ses"})));
        assert!(check(&json!({"source": [{"prefix": "aws"}]})).is_err() && check(&json!({"source": "x"})).is_err());
    }
}
