//! Local time, where clocks are put forward and back.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The instant of a local time. One that a change of the clocks skips is the first instant after the gap; of one that occurs
/// twice, the earlier.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => end_of_gap(zone, local),
    }
}

/// The instant at which a local date begins.
pub fn midnight(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    instant(zone, date.and_time(NaiveTime::MIN))
}

/// The local date at an instant.
pub fn date(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant whose local time is not before `local`. Clocks change at whole seconds, and no zone is further than a day
/// from UTC, also where it skipped a whole day (Pacific/Apia, 30 December 2011).
fn end_of_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let is_before = |second: i64| {
        DateTime::from_timestamp(second, 0).is_some_and(|at| at.with_timezone(&zone).naive_local() < local)
    };
    let around = local.and_utc();
    let mut before = (around - TimeDelta::days(2)).timestamp();
    let mut after = (around + TimeDelta::days(2)).timestamp();
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if is_before(middle) { before = middle } else { after = middle }
    }
    DateTime::from_timestamp(after, 0).unwrap_or(around)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: Tz, local: &str) -> String {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a local time");
        instant(zone, local).to_rfc3339()
    }

    #[test]
    fn a_time_that_is_skipped_is_the_end_of_the_gap() {
        assert_eq!(at(Tz::Europe__Madrid, "2026-03-29 02:30"), "2026-03-29T01:00:00+00:00");
        assert_eq!(at(Tz::America__New_York, "2026-03-08 02:00"), "2026-03-08T07:00:00+00:00");
        // Half an hour only.
        assert_eq!(at(Tz::Australia__Lord_Howe, "2026-10-04 02:15"), "2026-10-03T15:30:00+00:00");
        // A whole day.
        assert_eq!(at(Tz::Pacific__Apia, "2011-12-30 12:00"), "2011-12-30T10:00:00+00:00");
        // Midnight itself.
        assert_eq!(at(Tz::America__Sao_Paulo, "2018-11-04 00:00"), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn of_a_time_that_occurs_twice_the_earlier_counts() {
        assert_eq!(at(Tz::Europe__Madrid, "2026-10-25 02:30"), "2026-10-25T00:30:00+00:00");
        assert_eq!(at(Tz::Australia__Lord_Howe, "2026-04-05 01:45"), "2026-04-04T14:45:00+00:00");
    }
}
