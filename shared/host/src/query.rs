//! The query string, strictly: unknown, repeated and malformed parameters are refused, all at once.

use std::borrow::Cow;
use std::str::FromStr;

use callmetry_metrics::Window;
use callmetry_metrics::time::parse_instant;
use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::field_errors::FieldErrors;
use crate::{Error, accept};

/// Without `from`, a window begins this many days before its end.
const DEFAULT_DAYS: i64 = 30;

/// The parameters that are still to be read, and what was wrong so far.
///
/// Read each parameter that the route knows, then call [`finish`](Self::finish): what was not read is refused.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: FieldErrors,
    /// The request's `Accept` header.
    accept: String,
}

impl Query {
    /// From the raw query string.
    pub fn parse(raw: &str) -> Self {
        let mut query = Self::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = decode(name) else {
                query.error("(query)", "a parameter's name is not percent-encoded UTF-8");
                continue;
            };
            match decode(value) {
                _ if name.is_empty() => query.error("(query)", "a parameter has no name"),
                None => query.error(&name, "is not percent-encoded UTF-8"),
                Some(value) if value.contains('\0') || name.contains('\0') => {
                    query.error(&name, "contains a NUL character")
                }
                Some(_) if query.pairs.iter().any(|(known, _)| *known == name) => {
                    query.error(&name, "is given more than once")
                }
                Some(value) => query.pairs.push((name, value)),
            }
        }
        query
    }

    /// The same query of a request with this `Accept` header.
    pub fn accepting(self, accept: &str) -> Self {
        Self { accept: accept.to_owned(), ..self }
    }

    /// Whether the client asks for CSV by its `Accept` header, and does not prefer JSON.
    pub(crate) fn accepts_csv(&self) -> bool {
        accept::csv(&self.accept)
    }

    /// Whether a parameter is given and still to be read.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// Says what is wrong with a parameter.
    pub fn error(&mut self, field: &str, message: impl Into<String>) {
        self.errors.add(field, message);
    }

    /// A text parameter.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let index = self.pairs.iter().position(|(known, _)| known == name)?;
        Some(self.pairs.remove(index).1)
    }

    /// A parameter that `T` reads, else an error that says it `must be` so.
    pub fn parsed<T: FromStr>(&mut self, name: &str, must_be: &str) -> Option<T> {
        let text = self.text(name)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.error(name, format!("must be {must_be}"));
        }
        value
    }

    /// A UUID parameter, in its hyphenated form.
    pub fn uuid(&mut self, name: &str) -> Option<Uuid> {
        let text = self.text(name)?;
        let value = Uuid::parse_str(&text).ok().filter(|_| text.len() == 36);
        if value.is_none() {
            self.error(name, "must be a UUID such as 0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c");
        }
        value
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let value = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if value.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.error(name, format!("must be {}", words.join(" or ")));
        }
        value
    }

    /// `bom`: whether a CSV is to begin with a byte-order mark.
    pub fn byte_order_mark(&mut self) -> bool {
        self.choice("bom", &[("true", true), ("false", false)]).unwrap_or(false)
    }

    /// The window `[from, to)`: `to` defaults to now, `from` to 30 days before `to`.
    pub fn window(&mut self, now: DateTime<Utc>) -> Option<Window> {
        let (from_given, to_given) = (self.has("from"), self.has("to"));
        let from = self.instant("from");
        let to = self.instant("to");
        if (from_given && from.is_none()) || (to_given && to.is_none()) {
            return None;
        }
        let to = to.unwrap_or(now);
        let from = from.or_else(|| to.checked_sub_signed(TimeDelta::days(DEFAULT_DAYS)))?;
        Window::new(from, to)
            .map_err(|error| self.error(if from_given { "from" } else { "to" }, error.to_string()))
            .ok()
    }

    /// The bounds `from` (included) and `to` (excluded) of a list, either of which may be missing.
    pub fn bounds(&mut self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let (from, to) = (self.bound("from"), self.bound("to"));
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            self.error("from", "must be before `to`");
        }
        (from, to)
    }

    fn bound(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let bound = self.instant(name)?;
        Window::bound(bound).map_err(|error| self.error(name, error.to_string())).ok()
    }

    /// An RFC 3339 instant. A `+` of the offset that arrived as a space is accepted.
    fn instant(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.text(name)?;
        let value = parse_instant(&with_plus(&text));
        if value.is_none() {
            self.error(name, "must be an RFC 3339 instant such as 2026-10-01T00:00:00Z");
        }
        value
    }

    /// The query is read: whatever is left is unknown.
    pub fn finish(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            self.error(&name, "is not a parameter of this route");
        }
        self.errors.finish()
    }
}

/// Form decoding, strictly UTF-8.
fn decode(text: &str) -> Option<String> {
    let well_formed =
        text.bytes().enumerate().filter(|(_, byte)| *byte == b'%').all(|(at, _)| {
            text.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        });
    if !well_formed {
        return None;
    }
    let spaces = text.replace('+', " ");
    percent_decode_str(&spaces).decode_utf8().ok().map(|text| text.into_owned())
}

/// An offset as it was before form decoding: `2026-10-01T00:00:00 02:00` was `+02:00`.
fn with_plus(text: &str) -> Cow<'_, str> {
    match text.rsplit_once(' ') {
        Some((before, offset)) if before.contains(['T', 't']) => format!("{before}+{offset}").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(raw: &str) -> Vec<String> {
        let mut query = Query::parse(raw);
        query.window("2026-01-31T00:00:00Z".parse().unwrap());
        query.uuid("campaign_id");
        match query.finish() {
            Ok(()) => vec![],
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn all_invalid_fields_at_once() {
        assert_eq!(
            fields("from=yesterday&to=2026-01-01T00:00:00Z&campaign_id=x&form=csv"),
            ["from", "campaign_id", "form"]
        );
        assert_eq!(fields("from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z"), ["from"]);
        assert_eq!(fields("campaign_id=%00"), ["campaign_id"]);
        assert_eq!(fields("campaign_id=%ff"), ["campaign_id"]);
        assert_eq!(fields("campaign_id=%4"), ["campaign_id"]);
        assert_eq!(fields("%ff=1"), ["(query)"]);
        assert_eq!(fields("=1"), ["(query)"]);
        assert_eq!(fields("from="), ["from"]);
        assert_eq!(fields("&&"), Vec::<String>::new());
    }

    #[test]
    fn bounds_are_of_the_years_that_the_database_reads() {
        let bounds = |raw: &str| {
            let mut query = Query::parse(raw);
            let bounds = query.bounds();
            query.finish().ok().map(|()| bounds)
        };
        assert_eq!(bounds(""), Some((None, None)));
        let to = "2026-01-31T12:00:00.000002Z".parse().ok();
        assert_eq!(bounds("to=2026-01-31T12:00:00.0000011Z"), Some((None, to)));
        for bad in [
            "from=0000-01-01T00:00:00Z",
            "to=9999-12-31T23:59:59-23:59",
            "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        ] {
            assert_eq!(bounds(bad), None, "{bad}");
        }
    }

    #[test]
    fn windows() {
        let window = |raw: &str| Query::parse(raw).window("2026-01-31T12:00:00Z".parse().unwrap());
        let text = |raw: &str| window(raw).map(|w| format!("{} {}", w.from().to_rfc3339(), w.to().to_rfc3339()));
        assert_eq!(text("").as_deref(), Some("2026-01-01T12:00:00+00:00 2026-01-31T12:00:00+00:00"));
        assert_eq!(
            text("from=2026-01-01T02:00:00+02:00&to=2026-01-02T00:00:00Z").as_deref(),
            Some("2026-01-01T00:00:00+00:00 2026-01-02T00:00:00+00:00")
        );
        assert_eq!(text("from=2026-01-01T02:00:00%2B02:00"), text("from=2026-01-01T00:00:00Z"));
        assert_eq!(
            text("from=2015-12-31T23:59:60Z&to=2016-01-02T00:00:00Z"),
            text("from=2016-01-01T00:00:00Z&to=2016-01-02T00:00:00Z")
        );
        for bad in [
            "from=2026-01-01",
            "from=2026-01-01 00:00:00Z",
            "from=2026-13-01T00:00:00Z",
            "from=2027-01-01T00:00:00Z",
            "from=1990-01-01T00:00:00Z",
            "to=0001-01-05T00:00:00Z",
            "from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z",
        ] {
            assert_eq!(text(bad), None, "{bad}");
        }
    }

    proptest! {
        /// Whatever is sent: an answer or errors, never a panic.
        #[test]
        fn nothing_panics(raw in "\\PC*", value in "[0-9TtZz:+. %-]{0,40}") {
            fields(&raw);
            fields(&format!("from={value}"));
        }
    }
}
