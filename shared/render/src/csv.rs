//! CSV by RFC 4180, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::Write;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{Cell, Table};

/// The content type of every CSV.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
/// For Excel, which otherwise takes UTF-8 for its own code page.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes rows of cells: CRLF, quotes where they are needed, NULL as an empty cell.
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    /// Begins with the header, and with a byte-order mark if it is wanted.
    pub fn new<'a>(mut out: W, byte_order_mark: bool, header: impl IntoIterator<Item = &'a str>) -> csv::Result<Self> {
        if byte_order_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut writer = Self::without_header(out);
        writer.0.write_record(header)?;
        Ok(writer)
    }

    /// Goes on where another writer has stopped.
    pub fn without_header(out: W) -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out))
    }

    /// Writes one row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> csv::Result<()> {
        for cell in cells {
            match cell {
                Cell::Null => self.0.write_field("")?,
                Cell::Typed(text) => self.0.write_field(text)?,
                Cell::Text(text) => self.0.write_field(guarded(text).as_bytes())?,
            }
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// The underlying writer, with everything written.
    pub fn finish(self) -> std::io::Result<W> {
        self.0.into_inner().map_err(|error| error.into_error())
    }
}

/// A text that begins like a formula gets an apostrophe in front, which spreadsheets take for "this is text".
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A whole table.
pub fn table(table: &Table, byte_order_mark: bool) -> csv::Result<String> {
    finished(Writer::new(Vec::new(), byte_order_mark, table.columns())?, table)
}

/// The rows of a table that goes on where another has stopped, without a header.
pub fn rows(table: &Table) -> csv::Result<String> {
    finished(Writer::without_header(Vec::new()), table)
}

fn finished(mut writer: Writer<Vec<u8>>, table: &Table) -> csv::Result<String> {
    for row in table.rows() {
        let texts: Vec<Option<(bool, Cow<'_, str>)>> = table.columns().map(|column| text(row.get(column))).collect();
        writer.row(texts.iter().map(|text| match text {
            None => Cell::Null,
            Some((true, text)) => Cell::Text(text),
            Some((false, text)) => Cell::Typed(text),
        }))?;
    }
    let bytes = writer.finish()?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A value's text, and whether it is of somebody's choosing.
fn text(value: Option<&Value>) -> Option<(bool, Cow<'_, str>)> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some((true, Cow::Borrowed(text))),
        other => Some((false, Cow::Owned(other.to_string()))),
    }
}

/// `campaigns_2026-10-01_2026-11-01.csv`, with the dates of the window in UTC.
pub fn file_name(name: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    format!("{name}_{}_{}.csv", from.format("%Y-%m-%d"), to.format("%Y-%m-%d"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn write(rows: &[Vec<Cell<'_>>]) -> String {
        let width = rows.first().map_or(1, Vec::len);
        let header = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let mut writer = Writer::new(Vec::new(), false, header[..width].iter().copied()).expect("a header");
        for row in rows {
            writer.row(row.iter().copied()).expect("a row");
        }
        String::from_utf8(writer.finish().expect("bytes")).expect("UTF-8")
    }

    #[test]
    fn quotes_where_they_are_needed_and_ends_lines_with_crlf() {
        let row =
            vec![Cell::Text("a,b"), Cell::Text("say \"x\""), Cell::Text("two\nlines"), Cell::Text("plain"), Cell::Null];
        assert_eq!(write(&[row]), "a,b,c,d,e\r\n\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",plain,\r\n");
    }

    #[test]
    fn texts_are_guarded_and_numbers_are_not() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
        for fine in ["", "1-1", " =1", "'=1", "é", "٣"] {
            assert_eq!(guarded(fine), fine);
        }
        assert_eq!(write(&[vec![Cell::Typed("-12.5"), Cell::Text("-12.5")]]), "a,b\r\n-12.5,'-12.5\r\n");
    }

    #[test]
    fn a_byte_order_mark_comes_first() {
        let csv = table(&Table::of_one(&Row::default()).expect("a table"), true).expect("csv");
        assert_eq!(csv, "\u{feff}name,rate,since\r\n,,\r\n");
    }

    #[derive(Default, serde::Serialize)]
    struct Row {
        name: String,
        rate: Option<f64>,
        since: Option<String>,
    }

    #[test]
    fn file_names_have_the_dates() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(
            file_name("campaigns", at("2026-10-01T00:00:00Z"), at("2026-11-01T12:00:00Z")),
            "campaigns_2026-10-01_2026-11-01.csv"
        );
    }

    proptest! {
        /// What is written is read back by another reader's rules: any text, guarded or not, in any number of cells.
        #[test]
        fn a_reader_agrees_on_any_text(rows in (1_usize..8).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(any::<String>(), width), 1..6))) {
            let cells: Vec<Vec<Cell<'_>>> = rows.iter().map(|row| row.iter().map(|text| Cell::Text(text)).collect()).collect();
            let text = write(&cells);
            let mut reader = csv::ReaderBuilder::new().terminator(csv::Terminator::CRLF).from_reader(text.as_bytes());
            let found: Vec<Vec<String>> = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
            let expected: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|text| guarded(text).into_owned()).collect()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
