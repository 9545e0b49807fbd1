//! Instants as the Data API writes them: UTC without `T` and offset, the fraction of varying length
//! (`2026-02-15 04:34:33.5`). For `#[serde(with = "callmetry_database::instant")]`; `optional` for nullable columns.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, de::Error};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S%.f";

fn parse<E: Error>(text: &str) -> Result<DateTime<Utc>, E> {
    NaiveDateTime::parse_from_str(text, FORMAT)
        .map(|naive| naive.and_utc())
        .map_err(|_| E::custom(format_args!("not a timestamptz of the Data API: {text}")))
}

/// Reads a `timestamptz` column.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// A nullable `timestamptz` column.
pub mod optional {
    use super::*;

    /// Reads a nullable `timestamptz` column.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| parse(&text)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    fn read(text: &str) -> Result<String, Error> {
        let input: StrDeserializer<'_, Error> = text.into_deserializer();
        super::deserialize(input).map(|at| at.to_rfc3339())
    }

    #[test]
    fn fractions_of_any_length() {
        assert_eq!(read("2026-02-15 04:34:33").as_deref(), Ok("2026-02-15T04:34:33+00:00"));
        assert_eq!(read("2026-02-15 04:34:33.5").as_deref(), Ok("2026-02-15T04:34:33.500+00:00"));
        assert_eq!(read("2026-02-15 04:34:33.123456").as_deref(), Ok("2026-02-15T04:34:33.123456+00:00"));
        assert!(read("infinity").is_err());
    }
}
