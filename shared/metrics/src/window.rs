//! The half-open window of a report.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// The longest window that a report answers, in days.
pub const MAX_DAYS: i64 = 3_660;

/// Instants from `from` (included) to `to` (excluded), in whole microseconds, as the database keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// Why two instants are no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowError {
    /// `from` is not before `to`.
    Empty,
    /// Longer than 3,660 days.
    TooLong,
    /// Outside of 0001-01-02 to 9999-12-31, UTC.
    OutOfRange,
}

impl fmt::Display for WindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must be before `to`, which is now unless it is given"),
            Self::TooLong => write!(f, "must be at most {MAX_DAYS} days before `to`"),
            Self::OutOfRange => f.write_str("the window must lie between 0001-01-02 and 9999-12-31, UTC"),
        }
    }
}

impl Window {
    /// The window `[from, to)`.
    ///
    /// The database keeps microseconds, so a finer bound is moved up to the next one: that leaves out and lets in
    /// exactly the same rows.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, WindowError> {
        let (from, to) = (Self::bound(from)?, Self::bound(to)?);
        if from >= to {
            return Err(WindowError::Empty);
        }
        if to - from > TimeDelta::days(MAX_DAYS) {
            return Err(WindowError::TooLong);
        }
        Ok(Self { from, to })
    }

    /// One bound by itself, in microseconds and within the range of windows.
    pub fn bound(instant: DateTime<Utc>) -> Result<DateTime<Utc>, WindowError> {
        let instant = whole_micros(instant)?;
        // A day is left on both sides, so that local dates are of the years 1 to 9999 in any zone.
        let range = midnight(1, 1, 2)..=midnight(9999, 12, 31);
        if range.contains(&instant) { Ok(instant) } else { Err(WindowError::OutOfRange) }
    }

    /// The first instant inside.
    pub fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// The first instant after it.
    pub fn to(&self) -> DateTime<Utc> {
        self.to
    }
}

fn midnight(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default().and_time(NaiveTime::MIN).and_utc()
}

fn whole_micros(instant: DateTime<Utc>) -> Result<DateTime<Utc>, WindowError> {
    let micros = instant.timestamp().checked_mul(1_000_000).ok_or(WindowError::OutOfRange)?
        + i64::from(instant.timestamp_subsec_nanos().div_ceil(1_000));
    DateTime::from_timestamp_micros(micros).ok_or(WindowError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_window_is_half_open_and_bounded() {
        let day = at("2026-01-01T00:00:00Z");
        assert_eq!(Window::new(day, day), Err(WindowError::Empty));
        assert_eq!(Window::new(day, day - TimeDelta::seconds(1)), Err(WindowError::Empty));
        assert!(Window::new(day, day + TimeDelta::days(MAX_DAYS)).is_ok());
        assert_eq!(
            Window::new(day, day + TimeDelta::days(MAX_DAYS) + TimeDelta::microseconds(1)),
            Err(WindowError::TooLong)
        );
    }

    #[test]
    fn nanoseconds_are_moved_up_to_the_microsecond_that_the_database_keeps() {
        let window =
            Window::new(at("2026-01-01T00:00:00.000000001Z"), at("2026-01-01T00:00:01.0000015Z")).expect("a window");
        assert_eq!(window.from(), at("2026-01-01T00:00:00.000001Z"));
        assert_eq!(window.to(), at("2026-01-01T00:00:01.000002Z"));
    }

    #[test]
    fn years_that_postgresql_writes_otherwise_are_refused() {
        let (first, last) = (at("0001-01-02T00:00:00Z"), at("9999-12-31T00:00:00Z"));
        assert!(Window::new(first, first + TimeDelta::days(1)).is_ok());
        assert!(Window::new(last - TimeDelta::days(1), last).is_ok());
        assert_eq!(Window::new(first - TimeDelta::seconds(1), last), Err(WindowError::OutOfRange));
        assert_eq!(Window::new(first, last + TimeDelta::seconds(1)), Err(WindowError::OutOfRange));
    }
}
