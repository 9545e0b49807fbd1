//! `jsonb` as the Data API writes it: text. For `#[serde(with = "callmetry_database::json")]`; `optional` for nullable columns.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

fn parse<T: DeserializeOwned, E: Error>(text: &str) -> Result<T, E> {
    // The place and not the value, which has no place in a log.
    serde_json::from_str(text).map_err(|error| {
        E::custom(format_args!("jsonb of another form, line {} column {}", error.line(), error.column()))
    })
}

/// Reads a `jsonb` column.
pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// A nullable `jsonb` column.
pub mod optional {
    use super::*;

    /// Reads a nullable `jsonb` column.
    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| parse(&text)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    #[test]
    fn text_is_read_as_json_and_not_quoted_when_it_is_none() {
        let read = |text: &'static str| {
            let input: StrDeserializer<'_, Error> = text.into_deserializer();
            super::deserialize::<Vec<i64>, _>(input)
        };
        assert_eq!(read("[1, 2]"), Ok(vec![1, 2]));
        let error = read("[\"secret\"]").expect_err("no number").to_string();
        assert_eq!(error, "jsonb of another form, line 1 column 9");
    }
}
