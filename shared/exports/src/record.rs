//! PostgreSQL's text of a row: `(a,"b c",,"say ""x""")`.
//!
//! Fields are separated by commas. One that is empty, or has a quote, a backslash, a parenthesis, a comma or white space in
//! it, is in quotes, with quotes and backslashes in it doubled. NULL is nothing at all (PostgreSQL's manual, 8.16.6).

use std::borrow::Cow;

use callmetry_metrics::time;
use uuid::Uuid;

use crate::filter::Key;
use crate::rows::{ID, STARTED_AT};

/// The fields of a row; None for NULL. What is no such text ends early.
pub(crate) fn fields(record: &str) -> Fields<'_> {
    Fields { rest: record.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) }
}

/// See [`fields`].
pub(crate) struct Fields<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<Cow<'a, str>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let Some(quoted) = rest.strip_prefix('"') else {
            let (field, rest) = match rest.split_once(',') {
                Some((field, rest)) => (field, Some(rest)),
                None => (rest, None),
            };
            self.rest = rest;
            return Some((!field.is_empty()).then_some(Cow::Borrowed(field)));
        };
        let (field, rest) = unquote(quoted)?;
        // Nothing more, or a comma and the next field.
        self.rest = rest.strip_prefix(',');
        Some(Some(field))
    }
}

/// The text up to the quote that ends it, and what comes after that quote.
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if text.as_bytes()[end] == b'"' && text.as_bytes().get(end + 1) != Some(&b'"') {
        return Some((Cow::Borrowed(&text[..end]), &text[end + 1..]));
    }
    let mut field = String::with_capacity(text.len().min(256));
    let mut rest = text;
    loop {
        let at = rest.find(['"', '\\'])?;
        let (before, mark) = rest.split_at(at);
        field.push_str(before);
        let doubled = mark.as_bytes().get(1) == mark.as_bytes().first();
        match (mark.as_bytes()[0], doubled) {
            (mark_byte, true) => {
                field.push(char::from(mark_byte));
                rest = &mark[2..];
            }
            (b'"', false) => return Some((Cow::Owned(field), &mark[1..])),
            (_, false) => return None,
        }
    }
}

/// The key of a call.
pub(crate) fn key(record: &str) -> Option<Key> {
    let mut fields = fields(record);
    let id = Uuid::parse_str(&fields.nth(ID)??).ok()?;
    let at = time::from_database(&fields.nth(STARTED_AT - ID - 1)??);
    Some(Key { at, id })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(record: &str) -> Vec<Option<String>> {
        fields(record).map(|field| field.map(Cow::into_owned)).collect()
    }

    #[test]
    fn as_postgresql_writes_it() {
        let texts = |texts: &[Option<&str>]| texts.iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(read("(1,,\"\",a)"), texts(&[Some("1"), None, Some(""), Some("a")]));
        assert_eq!(
            read("(\"a,b\",\"c\"\"d\",\"e\\\\f\",\"g\n)\")"),
            texts(&[Some("a,b"), Some("c\"d"), Some("e\\f"), Some("g\n)")])
        );
        assert_eq!(read("(,)"), texts(&[None, None]));
        assert_eq!(read("(\"2026-10-01 00:00:00\",\"é ü\")"), texts(&[Some("2026-10-01 00:00:00"), Some("é ü")]));
    }

    /// As `record_out` does it.
    fn write(fields: &[Option<String>]) -> String {
        let quoted = |text: &str| {
            let needs = text.is_empty()
                || text.contains(['"', '\\', '(', ')', ','])
                || text.contains(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
            if needs { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\"")) } else { text.to_owned() }
        };
        let fields: Vec<String> = fields.iter().map(|field| field.as_deref().map(quoted).unwrap_or_default()).collect();
        format!("({})", fields.join(","))
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(fields in prop::collection::vec(any::<Option<String>>(), 2..8)) {
            prop_assert_eq!(read(&write(&fields)), fields);
        }

        #[test]
        fn nothing_panics(text in "[(),\"\\\\ a]{0,30}") {
            read(&text);
            key(&text);
        }
    }
}
