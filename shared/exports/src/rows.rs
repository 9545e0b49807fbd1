//! The rows of the export.

use std::borrow::Cow;

use callmetry_metrics::time;
use callmetry_render::{Cell, csv};

use crate::record;

/// What a column is to a spreadsheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text that came from outside.
    Text,
    /// A number or an id, as PostgreSQL writes it.
    Typed,
    /// An instant.
    Instant,
}

/// The columns in order, with their kinds.
const KINDS: [(&str, Kind); 19] = [
    ("id", Kind::Typed),
    ("direction", Kind::Text),
    ("from_number", Kind::Text),
    ("to_number", Kind::Text),
    ("campaign_id", Kind::Typed),
    ("campaign", Kind::Text),
    ("agent_id", Kind::Typed),
    ("agent", Kind::Text),
    ("lead_id", Kind::Typed),
    ("started_at", Kind::Instant),
    ("answered_at", Kind::Instant),
    ("ended_at", Kind::Instant),
    ("duration_secs", Kind::Typed),
    ("talk_secs", Kind::Typed),
    ("hangup_cause", Kind::Text),
    ("q850_cause", Kind::Typed),
    ("disposition_code", Kind::Text),
    ("recording_url", Kind::Text),
    ("sentiment", Kind::Typed),
];

/// Where the key is.
pub(crate) const ID: usize = 0;
pub(crate) const STARTED_AT: usize = 9;

/// What an export begins with: the header row, behind a byte-order mark if it is wanted.
pub fn header(byte_order_mark: bool) -> Vec<u8> {
    let writer = csv::Writer::new(Vec::new(), byte_order_mark, KINDS.map(|(name, _)| name));
    // Writing into memory does not fail.
    writer.and_then(|writer| Ok(writer.finish()?)).unwrap_or_default()
}

/// Adds the rows of these records.
pub(crate) fn write<'a>(out: &mut Vec<u8>, records: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut writer = csv::Writer::without_header(out);
    for record in records {
        let mut fields = record::fields(record);
        let mut row: [Option<Cow<'_, str>>; KINDS.len()] = Default::default();
        for ((_, kind), cell) in KINDS.iter().zip(&mut row) {
            let field = fields.next().ok_or("a call with too few fields")?;
            *cell = if *kind == Kind::Instant { field.map(|text| time::from_database(&text).into()) } else { field };
        }
        let cells = KINDS.iter().zip(&row).map(|((_, kind), cell)| match (kind, cell) {
            (_, None) => Cell::Null,
            (Kind::Text, Some(text)) => Cell::Text(text),
            (Kind::Typed | Kind::Instant, Some(text)) => Cell::Typed(text),
        });
        writer.row(cells).map_err(|error| error.to_string())?;
    }
    writer.finish().map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_becomes_a_row() {
        let record = "(0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c,inbound,+34600,\"=1+1\",,,,\"Ana, B\",,\"2026-10-01 00:00:00\",,\"2026-10-01 00:00:01.5\",1,0,\"\",16,,,-0.500)";
        let mut out = Vec::new();
        write(&mut out, [record].into_iter()).expect("a row");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c,inbound,'+34600,'=1+1,,,,\"Ana, B\",,2026-10-01T00:00:00Z,,\
             2026-10-01T00:00:01.500000Z,1,0,,16,,,-0.500\r\n"
        );
        assert_eq!(KINDS[STARTED_AT].0, "started_at");
        assert!(header(true).starts_with("\u{feff}id,direction,".as_bytes()));
        assert!(write(&mut Vec::new(), ["(1,2)"].into_iter()).is_err());
    }
}
