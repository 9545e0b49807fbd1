//! The canonical line: one line of JSON in the log for each invocation, with all that an operator asks of it, and its metrics in
//! CloudWatch's embedded metric format, so that CloudWatch makes them of the same line.
//!
//! Metrics have no dimensions: their namespace is the deployment's own, and each combination of dimensions is paid for apart.

use std::io::Write;
use std::time::Duration;

use callmetry_database::Usage;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// What an invocation came to: the answer for Lambda, an error failing the invocation, and what is logged of it.
#[derive(Debug)]
pub struct Done {
    pub(crate) answer: Result<Value, String>,
    pub(crate) line: Line,
}

impl Done {
    /// Answers with this.
    pub fn with(line: Line, answer: Value) -> Self {
        Self { answer: Ok(answer), line }
    }

    /// Fails the invocation with this error, which the line has too.
    pub fn failed(line: Line, error: String) -> Self {
        Self { line: line.error(&error), answer: Err(error) }
    }
}

/// What is logged of an invocation, beside its duration, its request id and whether it was a cold start.
#[derive(Debug)]
pub struct Line {
    fields: Map<String, Value>,
    metrics: Vec<(&'static str, &'static str, Value)>,
    is_error: bool,
}

impl Line {
    /// A line that begins with how it ended: a status, or a word.
    pub fn new(outcome: impl Into<Value>) -> Self {
        let fields = [("outcome".to_owned(), outcome.into())].into_iter().collect();
        Self { fields, metrics: Vec::new(), is_error: false }
    }

    /// Adds a field. Nothing personal: no address, number or name of anybody, and nothing that a client wrote.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Says why there is no good answer.
    pub fn error(mut self, error: &str) -> Self {
        self.is_error = true;
        self.with("error", error)
    }

    /// Adds what was asked of the database.
    pub fn database(self, usage: &Usage) -> Self {
        let (calls, time, errors) = (usage.calls(), usage.time(), usage.errors());
        let line = self.with("db_calls", calls).with("db_ms", milliseconds(time));
        if calls == 0 {
            return line;
        }
        let line = if errors > 0 { line.count("DatabaseErrors", errors as usize) } else { line };
        line.count("DatabaseCalls", calls as usize).milliseconds("DatabaseTime", time)
    }

    /// Adds a metric: something happened so many times.
    pub fn count(self, name: &'static str, value: usize) -> Self {
        self.metric(name, "Count", value.into())
    }

    /// Adds a metric in milliseconds.
    pub fn milliseconds(self, name: &'static str, value: Duration) -> Self {
        self.metric(name, "Milliseconds", milliseconds(value).into())
    }

    /// Adds a metric in seconds.
    pub fn seconds(self, name: &'static str, value: i64) -> Self {
        self.metric(name, "Seconds", value.into())
    }

    fn metric(mut self, name: &'static str, unit: &'static str, value: Value) -> Self {
        self.metrics.push((name, unit, value));
        self
    }

    /// Writes it where the log goes; that it cannot be written is not worth an error.
    pub(crate) fn write(self, namespace: &str, now: DateTime<Utc>) {
        // In one piece: each write is a line of its own to Lambda, and a metric is read from a whole one.
        let line = format!("{}\n", self.json(namespace, now));
        std::io::stderr().write_all(line.as_bytes()).ok();
    }

    /// As the specification of the format has it. Lambda tells levels by `timestamp` and `level`.
    fn json(self, namespace: &str, now: DateTime<Utc>) -> Value {
        let mut line = json!({
            "timestamp": now.to_rfc3339_opts(SecondsFormat::Millis, true),
            "level": if self.is_error { "ERROR" } else { "INFO" },
        });
        for (name, value) in self.fields {
            line[name] = value;
        }
        if !self.metrics.is_empty() {
            let directives: Vec<Value> =
                self.metrics.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
            line["_aws"] = json!({
                "Timestamp": now.timestamp_millis(),
                "CloudWatchMetrics": [{"Namespace": namespace, "Dimensions": [[]], "Metrics": directives}],
            });
        }
        for (name, _, value) in self.metrics {
            line[name] = value;
        }
        line
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_123).expect("an instant")
    }

    #[test]
    fn a_metric_is_named_by_its_directive_and_valued_beside_it() {
        let line = Line::new("done").with("runs", 3).count("MailHeldBack", 2).seconds("ClaimLag", 60);
        let expected = json!({
            "timestamp": "2023-11-14T22:13:20.123Z",
            "level": "INFO",
            "outcome": "done",
            "runs": 3,
            "_aws": {"Timestamp": 1_700_000_000_123_i64, "CloudWatchMetrics": [{
                "Namespace": "callmetry", "Dimensions": [[]],
                "Metrics": [{"Name": "MailHeldBack", "Unit": "Count"}, {"Name": "ClaimLag", "Unit": "Seconds"}]}]},
            "MailHeldBack": 2,
            "ClaimLag": 60,
        });
        assert_eq!(line.json("callmetry", at()), expected);
    }

    #[test]
    fn a_failure_is_an_error_and_says_why() {
        let done = Done::failed(Line::new(503), "asleep".into());
        assert_eq!(done.answer, Err("asleep".to_owned()));
        let line = done.line.json("callmetry", at());
        assert_eq!(
            (&line["level"], &line["error"], &line["outcome"]),
            (&json!("ERROR"), &json!("asleep"), &json!(503))
        );
        assert!(line.get("_aws").is_none(), "a line without metrics is a plain one");
    }
}
