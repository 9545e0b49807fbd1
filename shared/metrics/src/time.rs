//! How instants are written.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Serializer;

/// Writes an instant as RFC 3339 in UTC with `Z`: without a fraction when it is zero, else with 6 digits.
pub fn instant<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let instant = instant.trunc_subsecs(6);
    let format = if instant.timestamp_subsec_micros() == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.6fZ" };
    serializer.collect_str(&instant.format(format))
}

/// The same for an instant that may be missing: null.
pub fn optional_instant<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_no_fraction_or_six_digits() {
        let text = |t: &str| {
            let at: DateTime<Utc> = t.parse().expect("an instant");
            instant(&at, serde_json::value::Serializer).expect("text")
        };
        assert_eq!(text("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00Z");
        assert_eq!(text("2026-01-01T00:00:00.5Z"), "2026-01-01T00:00:00.500000Z");
        assert_eq!(text("2026-01-01T02:00:00.0000019+02:00"), "2026-01-01T00:00:00.000001Z");
    }
}
