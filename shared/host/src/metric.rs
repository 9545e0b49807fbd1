//! Metrics by CloudWatch's embedded metric format: a line of the log that CloudWatch makes a metric of.

use std::io::Write;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Says that something happened so many times. Without dimensions: the namespace is the deployment's own.
pub fn count(namespace: &str, now: DateTime<Utc>, name: &str, value: usize) {
    let line = line(namespace, now, name, value);
    // Where the log goes; that it cannot be written is not worth an error.
    writeln!(std::io::stderr(), "{line}").ok();
}

/// As the specification of the format has it.
fn line(namespace: &str, now: DateTime<Utc>, name: &str, value: usize) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.timestamp_millis(),
            "CloudWatchMetrics": [
                {"Namespace": namespace, "Dimensions": [[]], "Metrics": [{"Name": name, "Unit": "Count"}]},
            ],
        },
        name: value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_named_by_its_directive_and_valued_beside_it() {
        let at = DateTime::from_timestamp_millis(1_700_000_000_123).expect("an instant");
        let expected = r#"{"_aws":{"Timestamp":1700000000123,"CloudWatchMetrics":[{"Namespace":"callmetry","Dimensions":[[]],"Metrics":[{"Name":"MailHeldBack","Unit":"Count"}]}]},"MailHeldBack":2}"#;
        assert_eq!(line("callmetry", at, "MailHeldBack", 2).to_string(), expected);
    }
}
