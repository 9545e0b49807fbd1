//! The JSON body, strictly: unknown, repeated, missing and malformed fields are refused, all at once.

use std::fmt;
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callmetry_metrics::Decimal2;
use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Error;
use crate::event::Request;
use crate::field_errors::FieldErrors;

/// The field that an error of the whole body is about.
const WHOLE: &str = "(body)";

/// A request's body, still to be read.
#[derive(Debug, Default)]
pub struct Body(Vec<u8>);

impl Body {
    pub(crate) fn of(request: &Request) -> Self {
        let text = request.body.as_deref().unwrap_or_default();
        // What API Gateway could not decode is no JSON either: the reader says so.
        let decoded = request.is_base64_encoded.then(|| STANDARD.decode(text).ok()).flatten();
        Self(decoded.unwrap_or_else(|| text.as_bytes().to_vec()))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is an object with this field, as far as it can be read: for what decides who may send it.
    pub fn has(&self, name: &str) -> bool {
        serde_json::from_slice::<Value>(&self.0).is_ok_and(|body| body.get(name).is_some_and(|value| !value.is_null()))
    }

    /// Reads the body's object with `read`, which takes each field that the route knows. What it leaves is refused.
    pub fn read<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Result<T, Error> {
        let mut errors = FieldErrors::default();
        let value = self.parse(&mut errors);
        let found = value.and_then(|value| {
            let mut fields = Fields { path: String::new(), object: value, errors: &mut errors };
            let found = read(&mut fields);
            fields.finish();
            found
        });
        errors.finish()?;
        found.ok_or_else(|| Error::Internal("a body without errors was not read".into()))
    }

    fn parse(&self, errors: &mut FieldErrors) -> Option<Map<String, Value>> {
        match serde_json::from_slice::<Strict>(&self.0) {
            Ok(Strict(Value::Object(object))) => Some(object),
            Ok(_) => {
                errors.add(WHOLE, "must be a JSON object");
                None
            }
            Err(error) => {
                // Our own message names the field; the parser's the place.
                let message = error.to_string();
                match message.split_once(REPEATED) {
                    Some((field, _)) => errors.add(field, REPEATED.trim_start()),
                    None if self.0.is_empty() => errors.add(WHOLE, "must be a JSON object, and is empty"),
                    None => errors.add(WHOLE, format!("cannot be read as JSON: {message}")),
                }
                None
            }
        }
    }
}

/// The fields of an object that are still to be read.
#[derive(Debug)]
pub struct Fields<'a> {
    /// `questions[0].`, or nothing for the body itself.
    path: String,
    object: Map<String, Value>,
    errors: &'a mut FieldErrors,
}

impl Fields<'_> {
    /// Says what is wrong with a field.
    pub fn error(&mut self, name: &str, message: impl Into<String>) {
        self.errors.add(&format!("{}{name}", self.path), message);
    }

    /// Whether a field is there and was not read yet.
    pub fn has(&self, name: &str) -> bool {
        self.object.get(name).is_some_and(|value| !value.is_null())
    }

    /// Takes a field; JSON's null is as good as nothing.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.object.shift_remove(name).filter(|value| !value.is_null())
    }

    /// Takes a field that has to be there.
    fn required(&mut self, name: &str) -> Option<Value> {
        let value = self.take(name);
        if value.is_none() {
            self.error(name, "is missing");
        }
        value
    }

    /// A text of so many characters, without control characters but line breaks and tabs.
    pub fn text(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        let value = self.required(name)?;
        self.check_text(name, value, length)
    }

    /// A text that may be missing.
    pub fn optional_text(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        let value = self.take(name)?;
        self.check_text(name, value, length)
    }

    /// A text that `read` reads, whose error says what is wrong with it.
    pub fn parsed<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, &'static str>) -> Option<T> {
        let value = self.required(name)?;
        self.check_parsed(name, &value, read)
    }

    /// The same, which may be missing.
    pub fn optional_parsed<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, &'static str>) -> Option<T> {
        let value = self.take(name)?;
        self.check_parsed(name, &value, read)
    }

    fn check_parsed<T>(
        &mut self,
        name: &str,
        value: &Value,
        read: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let outcome = value.as_str().map_or(Err("must be a text"), read);
        outcome.map_err(|message| self.error(name, message)).ok()
    }

    fn check_text(&mut self, name: &str, value: Value, length: RangeInclusive<usize>) -> Option<String> {
        let Value::String(text) = value else {
            self.error(name, "must be a text");
            return None;
        };
        if !length.contains(&text.chars().count()) {
            self.error(name, format!("must have {} to {} characters", length.start(), length.end()));
            return None;
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.error(name, "must not contain control characters");
            return None;
        }
        if *length.start() > 0 && text.trim().is_empty() {
            self.error(name, "must not be blank");
            return None;
        }
        Some(text)
    }

    /// A date: `2024-01-22`.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.parsed(name, |text| {
            // The parser alone would take fewer digits.
            let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
            date.ok_or("must be a date that there is, such as 2024-01-22")
        })
    }

    /// A UUID in its hyphenated form.
    pub fn uuid(&mut self, name: &str) -> Option<Uuid> {
        let value = self.required(name)?;
        self.check_uuid(name, &value)
    }

    /// The same, which may be missing.
    pub fn optional_uuid(&mut self, name: &str) -> Option<Uuid> {
        let value = self.take(name)?;
        self.check_uuid(name, &value)
    }

    fn check_uuid(&mut self, name: &str, value: &Value) -> Option<Uuid> {
        let id = value.as_str().filter(|text| text.len() == 36).and_then(|text| Uuid::parse_str(text).ok());
        if id.is_none() {
            self.error(name, "must be a UUID such as 0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c");
        }
        id
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.required(name)?;
        self.check_choice(name, &value, choices)
    }

    /// One of a few words, or `default` where it is missing.
    pub fn choice_or<T: Copy>(&mut self, name: &str, choices: &[(&str, T)], default: T) -> Option<T> {
        match self.take(name) {
            None => Some(default),
            Some(value) => self.check_choice(name, &value, choices),
        }
    }

    fn check_choice<T: Copy>(&mut self, name: &str, value: &Value, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(word, _)| value.as_str() == Some(word)).map(|(_, choice)| *choice);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.error(name, format!("must be {}", words.join(" or ")));
        }
        found
    }

    /// `true` or `false`; `false` where it is missing.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.flag_or(name, false)
    }

    /// `true` or `false`, or `default` where it is missing.
    pub fn flag_or(&mut self, name: &str, default: bool) -> Option<bool> {
        match self.take(name) {
            None => Some(default),
            Some(Value::Bool(flag)) => Some(flag),
            Some(_) => {
                self.error(name, "must be true or false");
                None
            }
        }
    }

    /// A whole number within a range that may be missing.
    pub fn optional_integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.take(name)?;
        let found = value.as_i64().filter(|number| range.contains(number));
        if found.is_none() {
            self.error(name, format!("must be a whole number from {} to {}", range.start(), range.end()));
        }
        found
    }

    /// A number with at most 2 decimals within a range.
    pub fn decimal(&mut self, name: &str, range: RangeInclusive<Decimal2>) -> Option<Decimal2> {
        let value = self.required(name)?;
        self.check_decimal(name, &value, range)
    }

    /// A number with at most 2 decimals within a range, or `default` where it is missing.
    pub fn decimal_or(&mut self, name: &str, range: RangeInclusive<Decimal2>, default: Decimal2) -> Option<Decimal2> {
        match self.take(name) {
            None => Some(default),
            Some(value) => self.check_decimal(name, &value, range),
        }
    }

    fn check_decimal(&mut self, name: &str, value: &Value, range: RangeInclusive<Decimal2>) -> Option<Decimal2> {
        // Text is how the database hands a number over, not how clients do.
        let number = value.is_number().then(|| Decimal2::deserialize(value).ok()).flatten();
        let found = number.filter(|number| range.contains(number));
        if found.is_none() {
            let message = format!("must be a number from {} to {} with at most 2 decimals", range.start(), range.end());
            self.error(name, message);
        }
        found
    }

    /// An object of anything, by its names.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.required(name)? {
            Value::Object(object) => Some(object),
            _ => {
                self.error(name, "must be an object");
                None
            }
        }
    }

    /// An object whose fields `read` takes, or `default` where it is missing.
    pub fn part_or<T>(&mut self, name: &str, default: T, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        match self.take(name) {
            None => Some(default),
            Some(Value::Object(object)) => {
                let mut fields = Fields { path: format!("{}{name}.", self.path), object, errors: self.errors };
                let found = read(&mut fields);
                fields.finish();
                found
            }
            Some(_) => {
                self.error(name, "must be an object");
                None
            }
        }
    }

    /// A text, or a list of so many; also says whether it was a list.
    pub fn text_or_texts<T>(
        &mut self,
        name: &str,
        count: RangeInclusive<usize>,
        mut read: impl FnMut(&str) -> Result<T, &'static str>,
    ) -> Option<(Vec<T>, bool)> {
        if self.object.get(name).is_some_and(Value::is_string) {
            return self.parsed(name, read).map(|one| (vec![one], false));
        }
        if self.object.get(name).is_some_and(|value| !value.is_array() && !value.is_null()) {
            self.take(name);
            self.error(name, "must be a text or a list of texts");
            return None;
        }
        self.texts(name, count, &mut read).map(|all| (all, true))
    }

    /// A list of so many texts, each read by `read`, whose error says what is wrong with it.
    pub fn texts<T>(
        &mut self,
        name: &str,
        count: RangeInclusive<usize>,
        mut read: impl FnMut(&str) -> Result<T, &'static str>,
    ) -> Option<Vec<T>> {
        let elements = self.list(name, count)?;
        let mut found = Some(Vec::with_capacity(elements.len()));
        for (index, element) in elements.into_iter().enumerate() {
            match (element.as_str().map_or(Err("must be a text"), &mut read), &mut found) {
                (Ok(element), Some(all)) => all.push(element),
                (Ok(_), None) => {}
                (Err(message), _) => {
                    self.error(&format!("{name}[{index}]"), message);
                    found = None;
                }
            }
        }
        found
    }

    fn list(&mut self, name: &str, count: RangeInclusive<usize>) -> Option<Vec<Value>> {
        let Value::Array(elements) = self.required(name)? else {
            self.error(name, "must be a list");
            return None;
        };
        if !count.contains(&elements.len()) {
            self.error(name, format!("must have {} to {} elements", count.start(), count.end()));
            return None;
        }
        Some(elements)
    }

    /// A list of so many objects, each read by `read`.
    pub fn objects<T>(
        &mut self,
        name: &str,
        count: RangeInclusive<usize>,
        mut read: impl FnMut(&mut Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let elements = self.list(name, count)?;
        let mut found = Some(Vec::with_capacity(elements.len()));
        for (index, element) in elements.into_iter().enumerate() {
            let path = format!("{}{name}[{index}]", self.path);
            let Value::Object(object) = element else {
                self.errors.add(&path, "must be an object");
                found = None;
                continue;
            };
            let mut fields = Fields { path: format!("{path}."), object, errors: self.errors };
            match (read(&mut fields), &mut found) {
                (Some(element), Some(all)) => all.push(element),
                _ => found = None,
            }
            fields.finish();
        }
        found
    }

    /// What was not read is unknown.
    fn finish(&mut self) {
        for (name, _) in std::mem::take(&mut self.object) {
            self.error(&name, "is not a field of this object");
        }
    }
}

/// JSON without a name twice in one object, and without NUL characters, which the database cannot keep.
struct Strict(Value);

const REPEATED: &str = " is given more than once";

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        if text.contains('\0') { Err(E::custom("a text contains a NUL character")) } else { Ok(text.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if name.contains('\0') {
                return Err(A::Error::custom("a name contains a NUL character"));
            }
            let Strict(value) = entries.next_value()?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("{name}{REPEATED}")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<(String, Option<Decimal2>), Vec<String>> {
        let body = Body(text.as_bytes().to_vec());
        let read = body.read(|fields| {
            let name = fields.text("name", 1..=5);
            let least = Decimal2::ZERO..=Decimal2::from_units(10_000);
            let items = fields.objects("items", 1..=2, |item| item.decimal("weight", least.clone()));
            Some((name?, items?.pop()))
        });
        read.map_err(|error| match error {
            Error::Invalid(errors) => {
                errors.into_iter().map(|error| format!("{}: {}", error.field, error.message)).collect()
            }
            error => panic!("{error}"),
        })
    }

    #[test]
    fn all_that_is_wrong_at_once() {
        assert_eq!(
            read(r#"{"name": 1, "items": [{"weight": "1"}, {"weight": 1.001, "score": 1}], "score": 100}"#),
            Err(vec![
                "name: must be a text".into(),
                "items[0].weight: must be a number from 0 to 100 with at most 2 decimals".into(),
                "items[1].weight: must be a number from 0 to 100 with at most 2 decimals".into(),
                "items[1].score: is not a field of this object".into(),
                "score: is not a field of this object".into(),
            ])
        );
        assert_eq!(
            read(r#"{"items": []}"#),
            Err(vec!["name: is missing".into(), "items: must have 1 to 2 elements".into()])
        );
    }

    #[test]
    fn numbers_are_read_exactly() {
        let weight =
            |text: &str| read(&format!(r#"{{"name": "n", "items": [{{"weight": {text}}}]}}"#)).map(|found| found.1);
        assert_eq!(weight("0.29"), Ok(Some(Decimal2::from_units(29))));
        assert_eq!(weight("100.0"), Ok(Some(Decimal2::from_units(10_000))));
        assert_eq!(weight("1e1"), Ok(Some(Decimal2::from_units(1_000))));
        for bad in ["0.291", "100.01", "-1", "1e99", "true", "null", "\"1\""] {
            assert!(weight(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_strict_json() {
        let whole = |text: &str| read(text).expect_err("an error").join("; ");
        assert_eq!(whole(""), "(body): must be a JSON object, and is empty");
        assert_eq!(whole("[]"), "(body): must be a JSON object");
        assert!(whole("{").starts_with("(body): cannot be read as JSON: EOF"), "{}", whole("{"));
        assert!(whole(r#"{"name": "a\u0000"}"#).contains("NUL"));
        assert_eq!(whole(r#"{"name": "a", "name": "b"}"#), "name: is given more than once");
        assert!(whole(&"[".repeat(1_000)).contains("recursion"));
    }

    #[test]
    fn texts_have_a_length_and_no_control_characters() {
        let name =
            |text: &str| read(&format!(r#"{{"name": {text}, "items": [{{"weight": 1}}]}}"#)).map(|found| found.0);
        assert_eq!(name(r#""ñandú""#).as_deref(), Ok("ñandú"));
        for bad in [r#""""#, r#""  ""#, r#""abcdef""#, r#""a\u0007""#, "null", "{}"] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*", inner in "[\\[\\]{}\",:0-9a-z\\\\]{0,60}") {
            read(&text).ok();
            read(&format!("{{\"name\": {inner}}}")).ok();
        }
    }
}
