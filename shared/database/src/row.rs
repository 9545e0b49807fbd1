//! The one row decoder: records of the Data API into structs, by column name.

use aws_sdk_rdsdata::operation::execute_statement::ExecuteStatementOutput;
use aws_sdk_rdsdata::types::Field;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use crate::Error;

type DecodeError = serde::de::value::Error;

/// Decodes every record.
pub(crate) fn decode<T: DeserializeOwned>(output: ExecuteStatementOutput) -> Result<Vec<T>, Error> {
    let columns = output.column_metadata.unwrap_or_default();
    let names: Vec<&str> = columns.iter().map(|column| column.label().or(column.name()).unwrap_or_default()).collect();
    output
        .records
        .unwrap_or_default()
        .into_iter()
        .map(|record| {
            let fields = names.iter().copied().zip(record.into_iter().map(Value));
            T::deserialize(MapDeserializer::new(fields)).map_err(|error: DecodeError| Error::Decode(error.to_string()))
        })
        .collect()
}

struct Value(Field);

impl<'de> Deserializer<'de> for Value {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.0 {
            Field::IsNull(_) => visitor.visit_unit(),
            Field::BooleanValue(value) => visitor.visit_bool(value),
            Field::LongValue(value) => visitor.visit_i64(value),
            Field::DoubleValue(value) => visitor.visit_f64(value),
            Field::StringValue(value) => visitor.visit_string(value),
            Field::BlobValue(value) => visitor.visit_byte_buf(value.into_inner()),
            _ => Err(DecodeError::custom("a field of an unexpected kind")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.0 {
            Field::IsNull(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.0 {
            Field::StringValue(value) => {
                let text: serde::de::value::StringDeserializer<DecodeError> = value.into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => Err(DecodeError::custom(format_args!("no text for {name}"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, DecodeError> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_rdsdata::types::ColumnMetadata;
    use chrono::{DateTime, NaiveDate, Utc};
    use serde::Deserialize;
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        id: Uuid,
        calls: i64,
        date: NaiveDate,
        #[serde(with = "crate::instant")]
        at: DateTime<Utc>,
        #[serde(with = "crate::instant::optional")]
        left: Option<DateTime<Utc>>,
        team: Option<String>,
    }

    fn output(names: &[&str], record: Vec<Field>) -> ExecuteStatementOutput {
        let columns = names.iter().map(|name| ColumnMetadata::builder().name(*name).build()).collect();
        ExecuteStatementOutput::builder().set_column_metadata(Some(columns)).records(record).build()
    }

    #[test]
    fn a_row_by_column_name() {
        let text = |text: &str| Field::StringValue(text.into());
        let rows: Vec<Row> = decode(output(
            &["calls", "id", "date", "at", "left", "team"],
            vec![
                Field::LongValue(3),
                text("00000000-0000-0000-0000-000000000001"),
                text("2026-01-31"),
                text("2026-02-15 04:34:33.5"),
                Field::IsNull(true),
                Field::IsNull(true),
            ],
        ))
        .expect("a row");
        assert_eq!(rows[0].calls, 3);
        assert_eq!(rows[0].id, Uuid::from_u128(1));
        assert_eq!(rows[0].at.timestamp_subsec_millis(), 500);
        assert_eq!((rows[0].left, rows[0].team.as_deref()), (None, None));
    }

    #[test]
    fn a_column_of_another_type_is_an_error_not_a_guess() {
        let wrong = decode::<Row>(output(&["id"], vec![Field::LongValue(1)]));
        assert!(matches!(wrong, Err(Error::Decode(_))));
    }
}
