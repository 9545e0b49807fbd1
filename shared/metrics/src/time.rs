//! How instants are written and read.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serializer;

/// Writes an instant as RFC 3339 in UTC with `Z`: without a fraction when it is zero, else with 6 digits.
pub fn instant<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let instant = instant.trunc_subsecs(6);
    let format = if instant.timestamp_subsec_micros() == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.6fZ" };
    serializer.collect_str(&instant.format(format))
}

/// [`instant`], or null.
pub fn optional_instant<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// The same of a `timestamp` in UTC as PostgreSQL writes it: `2026-02-15 04:34:33.5`. For rows by the million, which would
/// spend more time on calendars than on anything else.
pub fn from_database(text: &str) -> String {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut out = String::with_capacity("0000-00-00T00:00:00.000000Z".len());
    out.extend([date, "T", seconds]);
    if !fraction.is_empty() {
        out.extend([".", fraction, &"000000"[fraction.len().min(6)..]]);
    }
    out.push('Z');
    out
}

/// Reads an RFC 3339 instant, in UTC; none of anything else, such as a date or a space for the `T`.
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text)
        .ok()
        .filter(|_| text.as_bytes().get(10).is_some_and(|b| b"Tt".contains(b)))?;
    // A leap second is the next second: PostgreSQL has none.
    DateTime::from_timestamp(instant.timestamp(), 0)?
        .checked_add_signed(TimeDelta::nanoseconds(i64::from(instant.timestamp_subsec_nanos())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        /// Both ways of writing agree on every instant of the years 1 to 9999.
        #[test]
        fn a_text_of_the_database_is_written_alike(second in -62_135_596_800_i64..253_402_300_800, micros in prop_oneof![Just(0), 0..1_000_000_i64]) {
            let at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(second) + TimeDelta::microseconds(micros);
            // As PostgreSQL does: no zeros at the end of a fraction.
            let text = at.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
            let text = text.trim_end_matches('0').trim_end_matches('.');
            let text = if micros == 0 { at.format("%Y-%m-%d %H:%M:%S").to_string() } else { text.to_owned() };
            let written = instant(&at, serde_json::value::Serializer).expect("text");
            prop_assert_eq!(from_database(&text), written.as_str().expect("text"));
        }
    }
}
