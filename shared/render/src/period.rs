//! The days that a report is about.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// Days in the report's zone, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The last one; not before the first.
    pub last: NaiveDate,
}

impl Period {
    /// The days of a zone that a half-open window has.
    pub fn of_window(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        Self { first: date(from), last: date(to - TimeDelta::microseconds(1)) }
    }
}

impl fmt::Display for Period {
    /// Month and year once where both days have the same: `2–8 Nov 2026`, `26 Oct – 1 Nov 2026`,
    /// `29 Dec 2025 – 4 Jan 2026`, `2 Nov 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = self;
        let full = last.format("%-d %b %Y");
        if first == last {
            write!(f, "{full}")
        } else if first.year() != last.year() {
            write!(f, "{} – {full}", first.format("%-d %b %Y"))
        } else if first.month() != last.month() {
            write!(f, "{} – {full}", first.format("%-d %b"))
        } else {
            write!(f, "{}–{full}", first.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_twice() {
        let period = |first: &str, last: &str| {
            let day = |text: &str| text.parse().expect("a date");
            Period { first: day(first), last: day(last) }.to_string()
        };
        assert_eq!(period("2026-11-02", "2026-11-02"), "2 Nov 2026");
        assert_eq!(period("2026-11-02", "2026-11-08"), "2–8 Nov 2026");
        assert_eq!(period("2026-10-26", "2026-11-01"), "26 Oct – 1 Nov 2026");
        assert_eq!(period("2025-12-29", "2026-01-04"), "29 Dec 2025 – 4 Jan 2026");
        assert_eq!(period("2025-11-01", "2026-11-30"), "1 Nov 2025 – 30 Nov 2026");
    }
}
