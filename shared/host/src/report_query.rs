//! The parameters that all reports share.

use callmetry_metrics::Window;
use callmetry_render::Tabular;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Query;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The whole report.
    Json,
    /// One table of it.
    Csv {
        /// The table's name.
        section: &'static str,
        /// Whether a byte-order mark comes first, for Excel.
        bom: bool,
    },
}

/// `from`, `to`, `tenant_id`, `format`, `section` and `bom`.
#[derive(Debug)]
pub struct ReportQuery {
    /// `from` and `to`: the half-open window, in RFC 3339; by default the 30 days up to now. None when it is invalid,
    /// which [`Query::finish`] then says.
    window: Option<Window>,
    /// Another tenant, for platform admins.
    pub tenant_id: Option<Uuid>,
    /// `json` or `csv`; without it, what the `Accept` header asks for.
    pub format: Format,
}

impl ReportQuery {
    /// Reads the shared parameters of the report `T`; the route reads its own and calls [`Query::finish`] before it uses any.
    pub fn read<T: Tabular>(query: &mut Query, now: DateTime<Utc>) -> Self {
        let report = Self::read_own::<T>(query, now);
        Self { tenant_id: query.uuid("tenant_id"), ..report }
    }

    /// The same for a report on the caller's own tenant only, which has no parameter `tenant_id`.
    pub fn read_own<T: Tabular>(query: &mut Query, now: DateTime<Utc>) -> Self {
        Self { window: query.window(now), tenant_id: None, format: format::<T>(query) }
    }

    /// The window of a query that was found valid.
    pub fn window(&self) -> Result<Window, crate::Error> {
        self.window.ok_or_else(|| crate::Error::Internal("a window was used before the query was checked".into()))
    }
}

/// `section` and `bom` are checked, and have no effect, where the answer is JSON: it has all tables.
fn format<T: Tabular>(query: &mut Query) -> Format {
    let by_header = query.accepts_csv();
    let csv = query.choice("format", &[("json", false), ("csv", true)]).unwrap_or(by_header);
    let sections: Vec<(&str, &'static str)> = T::SECTIONS.iter().map(|section| (*section, *section)).collect();
    let default = T::SECTIONS.first().copied().unwrap_or_default();
    let section = if sections.len() > 1 { query.choice("section", &sections).unwrap_or(default) } else { default };
    let bom = query.byte_order_mark();
    if csv { Format::Csv { section, bom } } else { Format::Json }
}

#[cfg(test)]
mod tests {
    use callmetry_metrics::call_volume::CallVolume;
    use callmetry_metrics::campaigns::Campaigns;

    use super::*;
    use crate::Error;

    fn read<T: Tabular>(raw: &str, accept: &str) -> Result<Format, Vec<String>> {
        let mut query = Query::parse(raw).accepting(accept);
        let report = ReportQuery::read::<T>(&mut query, "2026-01-31T00:00:00Z".parse().unwrap());
        match query.finish() {
            Ok(()) => Ok(report.format),
            Err(Error::Invalid(errors)) => Err(errors.into_iter().map(|error| error.field).collect()),
            Err(error) => panic!("{error}"),
        }
    }

    const CSV: Format = Format::Csv { section: "daily", bom: false };

    #[test]
    fn the_parameter_comes_before_the_header() {
        assert_eq!(read::<CallVolume>("", ""), Ok(Format::Json));
        assert_eq!(read::<CallVolume>("", "*/*"), Ok(Format::Json));
        assert_eq!(read::<CallVolume>("", "text/csv"), Ok(CSV));
        assert_eq!(read::<CallVolume>("", "application/json;q=0.5, text/csv"), Ok(CSV));
        assert_eq!(read::<CallVolume>("", "application/json, text/csv;q=0.9"), Ok(Format::Json));
        assert_eq!(read::<CallVolume>("", "text/csv;q=0"), Ok(Format::Json));
        assert_eq!(read::<CallVolume>("format=json", "text/csv"), Ok(Format::Json));
        assert_eq!(read::<CallVolume>("format=csv", "application/json"), Ok(CSV));
    }

    #[test]
    fn sections_and_marks_are_for_csv_and_checked_in_any_case() {
        let totals = Format::Csv { section: "totals", bom: true };
        assert_eq!(read::<CallVolume>("format=csv&section=totals&bom=true", ""), Ok(totals));
        assert_eq!(read::<CallVolume>("section=totals&bom=true", ""), Ok(Format::Json));
        for (raw, field) in [
            ("section=weekly", "section"),
            ("format=csv&section=weekly", "section"),
            ("format=csv&bom=1", "bom"),
            ("format=xlsx&section=totals", "format"),
        ] {
            assert_eq!(read::<CallVolume>(raw, ""), Err(vec![field.to_owned()]), "{raw}");
        }
        // A report with one table has no sections to choose from.
        assert_eq!(read::<Campaigns>("format=csv&section=campaigns", ""), Err(vec!["section".to_owned()]));
    }
}
