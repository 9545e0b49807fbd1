//! Fields of the Data API to and from PostgreSQL's types.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::BytesMut;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta};
use postgres_types::{Format, FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use serde_json::{Value, json};
use tokio_postgres::Row;

use super::Fault;
use super::request::Parameter;
use super::sql::Statement;

/// A parameter: its type as the service gives it to PostgreSQL, and its text.
#[derive(Debug)]
pub struct Bound {
    /// The type; `unknown` for an untyped NULL.
    pub kind: Type,
    text: Text,
}

#[derive(Debug)]
struct Text(Option<String>);

impl Bound {
    /// As the driver takes it.
    pub fn as_sql(&self) -> &(dyn ToSql + Sync) {
        &self.text
    }
}

impl ToSql for Text {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            None => Ok(IsNull::Yes),
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// The statement's parameters in its order.
pub fn bind(statement: &Statement, parameters: &[Parameter]) -> Result<Vec<Bound>, Fault> {
    statement
        .names
        .iter()
        .map(|name| match parameters.iter().find(|parameter| parameter.name == *name) {
            Some(parameter) => bound(parameter),
            None => Err(Fault::new(400, "BadRequestException", format!("Cannot find parameter: {name}"))),
        })
        .collect()
}

fn bound(parameter: &Parameter) -> Result<Bound, Fault> {
    let name = &parameter.name;
    let invalid = || Fault::validation(&format!("The value of parameter {name} is invalid."));
    let mut fields = parameter.value.iter();
    let (Some((kind, value)), None) = (fields.next(), fields.next()) else {
        return Err(Fault::validation(&format!("Parameter {name} must have exactly one value.")));
    };
    let typed = |kind: Type, text: String| Ok(Bound { kind, text: Text(Some(text)) });
    match kind.as_str() {
        "isNull" => Ok(Bound { kind: Type::UNKNOWN, text: Text(None) }),
        "booleanValue" => typed(Type::BOOL, value.as_bool().ok_or_else(invalid)?.to_string()),
        "longValue" => typed(Type::INT8, value.as_i64().ok_or_else(invalid)?.to_string()),
        "doubleValue" => typed(Type::FLOAT8, double(value).ok_or_else(invalid)?),
        "blobValue" => {
            let bytes = STANDARD.decode(value.as_str().ok_or_else(invalid)?).map_err(|_| invalid())?;
            typed(Type::BYTEA, format!("\\x{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
        }
        "stringValue" => {
            let text = value.as_str().ok_or_else(invalid)?;
            let kind = hinted(parameter.type_hint.as_deref(), text).ok_or_else(invalid)?;
            typed(kind, text.to_owned())
        }
        "arrayValue" => Err(Fault::validation("Array parameters are not supported.")),
        _ => Err(invalid()),
    }
}

fn double(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()) => Some(text.clone()),
        _ => None,
    }
}

/// The type that a hint gives to a text; text itself without one. Nothing is cast silently.
fn hinted(hint: Option<&str>, text: &str) -> Option<Type> {
    let (kind, fits) = match hint {
        None => (Type::TEXT, true),
        Some("UUID") => (Type::UUID, uuid::Uuid::parse_str(text).is_ok()),
        Some("JSON") => (Type::JSON, serde_json::from_str::<Value>(text).is_ok()),
        Some("DATE") => (Type::DATE, NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()),
        Some("TIME") => (Type::TIME, NaiveTime::parse_from_str(text, "%H:%M:%S%.f").is_ok()),
        Some("TIMESTAMP") => {
            (Type::TIMESTAMP, chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").is_ok())
        }
        Some("DECIMAL") => (Type::NUMERIC, text.parse::<f64>().is_ok()),
        Some(_) => return None,
    };
    fits.then_some(kind)
}

struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Adds one column of a row as a field.
pub fn write_field(row: &Row, index: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let kind = row.columns()[index].type_();
    let field = match row.try_get::<_, Option<Raw<'_>>>(index)? {
        None => json!({"isNull": true}),
        // The one kind that comes by the megabyte.
        Some(Raw(raw)) if *kind == Type::TEXT => {
            out.extend_from_slice(b"{\"stringValue\":");
            let text = String::from_utf8_lossy(raw);
            serde_json::to_writer(&mut *out, &text).map_err(|_| Fault::unavailable())?;
            out.push(b'}');
            return Ok(());
        }
        Some(Raw(raw)) => present(kind, raw)?,
    };
    serde_json::to_writer(out, &field).map_err(|_| Fault::unavailable())
}

fn present(kind: &Type, raw: &[u8]) -> Result<Value, Fault> {
    if let Kind::Array(element) = kind.kind() {
        return array(kind, element, raw);
    }
    if let Kind::Domain(base) = kind.kind() {
        return present(base, raw);
    }
    let text = |text: String| Ok(json!({"stringValue": text}));
    match *kind {
        Type::BOOL => Ok(json!({"booleanValue": raw == [1]})),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Ok(json!({"longValue": integer(kind, raw)})),
        Type::FLOAT4 => Ok(json!({"doubleValue": f64::from(f32::from_be_bytes(bytes(raw)))})),
        Type::FLOAT8 => Ok(json!({"doubleValue": f64::from_be_bytes(bytes(raw))})),
        Type::BYTEA => Ok(json!({"blobValue": STANDARD.encode(raw)})),
        Type::TEXT
        | Type::VARCHAR
        | Type::BPCHAR
        | Type::NAME
        | Type::UNKNOWN
        | Type::JSON
        | Type::CHAR
        | Type::VOID => text(String::from_utf8_lossy(raw).into_owned()),
        _ if matches!(kind.kind(), Kind::Enum(_)) => text(String::from_utf8_lossy(raw).into_owned()),
        // A version byte comes first.
        Type::JSONB => text(String::from_utf8_lossy(raw.get(1..).unwrap_or_default()).into_owned()),
        Type::UUID => text(uuid::Uuid::from_slice(raw).unwrap_or_default().to_string()),
        Type::NUMERIC => text(numeric(raw)),
        Type::DATE => text(date(i32::from_be_bytes(bytes(raw)))),
        Type::TIME => text(time(i64::from_be_bytes(bytes(raw)))),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => text(timestamp(i64::from_be_bytes(bytes(raw)))),
        _ => Err(Fault::unsupported(kind.name())),
    }
}

fn bytes<const N: usize>(raw: &[u8]) -> [u8; N] {
    raw.try_into().unwrap_or([0; N])
}

fn integer(kind: &Type, raw: &[u8]) -> i64 {
    match *kind {
        Type::INT2 => i64::from(i16::from_be_bytes(bytes(raw))),
        Type::INT4 => i64::from(i32::from_be_bytes(bytes(raw))),
        Type::OID => i64::from(u32::from_be_bytes(bytes(raw))),
        _ => i64::from_be_bytes(bytes(raw)),
    }
}

fn date(days: i32) -> String {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    let offset = Days::new(u64::from(days.unsigned_abs()));
    let date = if days < 0 { epoch.checked_sub_days(offset) } else { epoch.checked_add_days(offset) };
    date.map_or_else(|| if days < 0 { "-infinity".into() } else { "infinity".into() }, |date| date.to_string())
}

fn time(micros: i64) -> String {
    let time = NaiveTime::default() + TimeDelta::microseconds(micros);
    trimmed(time.format("%H:%M:%S%.6f").to_string())
}

fn timestamp(micros: i64) -> String {
    match micros {
        i64::MAX => "infinity".into(),
        i64::MIN => "-infinity".into(),
        _ => DateTime::from_timestamp_micros(micros.saturating_add(946_684_800_000_000))
            .map_or_else(String::new, |at| trimmed(at.format("%Y-%m-%d %H:%M:%S%.6f").to_string())),
    }
}

/// The service writes as many digits of the fraction as there are.
fn trimmed(text: String) -> String {
    debug_assert!(text.contains('.'));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// PostgreSQL's binary numeric: digits of base 10,000, the weight of the first, sign, and the scale to show.
fn numeric(raw: &[u8]) -> String {
    let word =
        |index: usize| raw.get(index * 2..index * 2 + 2).map_or(0, |pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight, sign, scale) = (word(0), word(1) as i16, word(2), usize::from(word(3)));
    match sign {
        0xC000 => return "NaN".into(),
        0xD000 => return "Infinity".into(),
        0xF000 => return "-Infinity".into(),
        _ => {}
    }
    let digit = |position: i32| {
        let index = i32::from(weight) - position;
        if (0..i32::from(count)).contains(&index) { word(4 + index as usize) } else { 0 }
    };
    let mut text = String::new();
    for position in (0..=i32::from(weight).max(0)).rev() {
        text.push_str(&format!("{:04}", digit(position)));
    }
    let whole = text.trim_start_matches('0');
    let mut text = format!("{}{}", if sign == 0x4000 { "-" } else { "" }, if whole.is_empty() { "0" } else { whole });
    if scale > 0 {
        let fraction: String = (1..=scale.div_ceil(4) as i32).map(|place| format!("{:04}", digit(-place))).collect();
        text.push('.');
        text.push_str(&fraction[..scale]);
    }
    text
}

/// One-dimensional arrays of the types that the service has arrays for.
fn array(kind: &Type, element: &Type, raw: &[u8]) -> Result<Value, Fault> {
    let word = |at: usize| raw.get(at..at + 4).map_or(0, |word| i32::from_be_bytes(bytes(word)));
    let key = match *element {
        Type::BOOL => "booleanValues",
        Type::INT2 | Type::INT4 | Type::INT8 => "longValues",
        Type::FLOAT4 | Type::FLOAT8 => "doubleValues",
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UUID | Type::NUMERIC | Type::DATE => {
            "stringValues"
        }
        _ => return Err(Fault::unsupported(kind.name())),
    };
    if word(0) > 1 {
        return Err(Fault::unsupported(kind.name()));
    }
    let (mut at, mut values) = (20, Vec::new());
    for _ in 0..if word(0) == 0 { 0 } else { word(12) } {
        let length = word(at);
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            values.push(Value::Null);
            continue;
        };
        let field = present(element, raw.get(at..at + length).unwrap_or_default())?;
        values.extend(field.as_object().and_then(|field| field.values().next().cloned()));
        at += length;
    }
    Ok(json!({"arrayValue": {key: values}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn numerics_as_postgresql_writes_them() {
        assert_eq!(numeric(&words(&[1, 0, 0, 2, 3])), "3.00");
        assert_eq!(numeric(&words(&[2, 1, 0x4000, 0, 1, 2])), "-10002");
        assert_eq!(numeric(&words(&[1, 0xFFFF, 0, 3, 5])), "0.000");
        assert_eq!(numeric(&words(&[1, 0xFFFF, 0, 4, 5])), "0.0005");
        assert_eq!(numeric(&words(&[1, 0xFFFF, 0x4000, 3, 1250])), "-0.125");
        assert_eq!(numeric(&words(&[0, 0, 0, 0])), "0");
        assert_eq!(numeric(&words(&[1, 2, 0, 0, 7])), "700000000");
        assert_eq!(numeric(&words(&[0, 0, 0xC000, 0])), "NaN");
    }

    #[test]
    fn instants_have_a_fraction_of_varying_length() {
        assert_eq!(timestamp(0), "2000-01-01 00:00:00");
        assert_eq!(timestamp(500_000), "2000-01-01 00:00:00.5");
        assert_eq!(timestamp(-1), "1999-12-31 23:59:59.999999");
        assert_eq!(time(36_000_000_000), "10:00:00");
        assert_eq!(date(-1), "1999-12-31");
    }
}
