//! When a schedule runs, and which period its digest or report is about: the one source of truth for both.

use std::fmt;

use callmetry_metrics::Window;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::zone;

/// The rhythm of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// Every day, about the day before.
    Daily,
    /// On this day of every week, about the 7 days before it.
    Weekly(Weekday),
    /// On this day of every month, 1 to 28, about the month before.
    Monthly(u32),
}

impl Cadence {
    /// Weekly on a day as the API and the database count it: 0 is Sunday, 6 is Saturday.
    pub fn weekly(day: i64) -> Option<Self> {
        // To chrono 0 is Monday.
        let from_monday = u8::try_from(day).ok().filter(|day| *day < 7).map(|day| (day + 6) % 7)?;
        Weekday::try_from(from_monday).ok().map(Self::Weekly)
    }
}

/// A rhythm, a local time, and the zone that both are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// The rhythm.
    pub cadence: Cadence,
    /// The local time.
    pub time: NaiveTime,
    /// The zone.
    pub zone: Tz,
}

/// What a digest is about, and what it is compared with. In local days of the schedule's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first instant of the period before.
    pub previous_from: DateTime<Utc>,
    /// The first instant of the period, which is the end of the one before.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// What a schedule that is due owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The occurrence to send.
    pub scheduled_for: DateTime<Utc>,
    /// What it is about.
    pub period: Period,
    /// Occurrences before it that were missed, oldest first.
    pub skipped: Vec<DateTime<Utc>>,
    /// The next occurrence.
    pub next: DateTime<Utc>,
}

/// A schedule that missed more occurrences than this logs the latest of them: nearly three years of days.
const MOST_SKIPPED: usize = 1_000;

impl Timetable {
    /// The first occurrence after an instant.
    pub fn next_after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        // A day early: its local time may be that of the day before, and the end of a gap lie on the day after.
        let mut date = self.on_or_after(zone::date(self.zone, at) - Days::new(2));
        loop {
            let occurrence = self.on(date);
            if occurrence > at {
                return occurrence;
            }
            date = self.on_or_after(date + Days::new(1));
        }
    }

    /// The last occurrence that is not after an instant.
    pub fn latest_until(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let mut date = self.on_or_before(zone::date(self.zone, at) + Days::new(2));
        loop {
            let occurrence = self.on(date);
            if occurrence <= at {
                return occurrence;
            }
            date = self.on_or_before(date - Days::new(1));
        }
    }

    /// What is owed at `now` by a schedule that was due at `due`, not after `now`. `due` need not be a regular occurrence: an
    /// operator may set it.
    pub fn owed(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> Owed {
        let scheduled_for = self.latest_until(now).max(due);
        let mut skipped = Vec::new();
        let mut missed = scheduled_for;
        while missed > due && skipped.len() < MOST_SKIPPED {
            missed = self.latest_until(missed - chrono::TimeDelta::microseconds(1)).max(due);
            skipped.push(missed);
        }
        skipped.reverse();
        Owed { scheduled_for, period: self.period(scheduled_for), skipped, next: self.next_after(now) }
    }

    /// The period of the latest regular occurrence at or before an instant.
    pub fn period(&self, at: DateTime<Utc>) -> Period {
        let day = zone::date(self.zone, self.latest_until(at));
        let midnight = |date| zone::midnight(self.zone, date);
        match self.cadence {
            Cadence::Daily => Period {
                previous_from: midnight(day - Days::new(2)),
                from: midnight(day - Days::new(1)),
                to: midnight(day),
            },
            Cadence::Weekly(_) => Period {
                previous_from: midnight(day - Days::new(14)),
                from: midnight(day - Days::new(7)),
                to: midnight(day),
            },
            Cadence::Monthly(_) => {
                let first = day - Days::new(u64::from(day.day0()));
                Period {
                    previous_from: midnight(first - Months::new(2)),
                    from: midnight(first - Months::new(1)),
                    to: midnight(first),
                }
            }
        }
    }

    fn on(&self, date: NaiveDate) -> DateTime<Utc> {
        zone::instant(self.zone, date.and_time(self.time))
    }

    fn on_or_after(&self, mut date: NaiveDate) -> NaiveDate {
        while !self.falls_on(date) {
            date = date + Days::new(1);
        }
        date
    }

    fn on_or_before(&self, mut date: NaiveDate) -> NaiveDate {
        while !self.falls_on(date) {
            date = date - Days::new(1);
        }
        date
    }

    fn falls_on(&self, date: NaiveDate) -> bool {
        match self.cadence {
            Cadence::Daily => true,
            Cadence::Weekly(weekday) => date.weekday() == weekday,
            Cadence::Monthly(day) => date.day() == day,
        }
    }
}

impl Period {
    /// The period as the window of a report.
    pub fn window(&self) -> Result<Window, callmetry_metrics::WindowError> {
        Window::new(self.from, self.to)
    }

    /// The period before it.
    pub fn previous_window(&self) -> Result<Window, callmetry_metrics::WindowError> {
        Window::new(self.previous_from, self.from)
    }
}

/// As a sentence goes on: `every Monday at 06:00 (Europe/Madrid)`.
impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cadence {
            Cadence::Daily => f.write_str("every day")?,
            Cadence::Weekly(day) => write!(f, "every {}", name(day))?,
            Cadence::Monthly(day) => write!(f, "on day {day} of every month")?,
        }
        write!(f, " at {} ({})", self.time.format("%H:%M"), self.zone.name())
    }
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Offset, TimeDelta, TimeZone};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn weekly(day: Weekday, time: &str, zone: Tz) -> Timetable {
        let time = NaiveTime::parse_from_str(time, "%H:%M").expect("a time");
        Timetable { cadence: Cadence::Weekly(day), time, zone }
    }

    fn monthly(day: u32, zone: Tz) -> Timetable {
        Timetable { cadence: Cadence::Monthly(day), time: NaiveTime::MIN, zone }
    }

    #[test]
    fn the_next_occurrence_is_after_the_instant() {
        let mondays = weekly(Weekday::Mon, "06:00", Tz::UTC);
        assert_eq!(mondays.next_after(at("2024-01-28T23:00:00Z")), at("2024-01-29T06:00:00Z"));
        assert_eq!(mondays.next_after(at("2024-01-29T06:00:00Z")), at("2024-02-05T06:00:00Z"));
        assert_eq!(mondays.latest_until(at("2024-01-29T06:00:00Z")), at("2024-01-29T06:00:00Z"));
        assert_eq!(mondays.latest_until(at("2024-01-29T05:59:59.999999Z")), at("2024-01-22T06:00:00Z"));
    }

    #[test]
    fn periods_are_of_local_days() {
        let madrid = weekly(Weekday::Mon, "08:00", Tz::Europe__Madrid);
        let period = madrid.period(at("2026-03-30T06:00:00Z"));
        // The clocks went forward on Sunday: the week has an hour less.
        assert_eq!((period.from, period.to), (at("2026-03-22T23:00:00Z"), at("2026-03-29T22:00:00Z")));
        assert_eq!(period.previous_from, at("2026-03-15T23:00:00Z"));
        let period = monthly(28, Tz::America__New_York).period(at("2026-03-28T04:00:00Z"));
        assert_eq!(
            (period.previous_from, period.from, period.to),
            (at("2026-01-01T05:00:00Z"), at("2026-02-01T05:00:00Z"), at("2026-03-01T05:00:00Z"))
        );
    }

    #[test]
    fn after_three_weeks_one_is_sent_and_two_are_skipped() {
        let mondays = weekly(Weekday::Mon, "06:00", Tz::UTC);
        let owed = mondays.owed(at("2024-01-01T06:00:00Z"), at("2024-01-18T12:00:00Z"));
        assert_eq!(owed.scheduled_for, at("2024-01-15T06:00:00Z"));
        assert_eq!(owed.skipped, [at("2024-01-01T06:00:00Z"), at("2024-01-08T06:00:00Z")]);
        assert_eq!(owed.next, at("2024-01-22T06:00:00Z"));
    }

    #[test]
    fn an_instant_that_an_operator_set_is_an_occurrence_about_the_latest_regular_period() {
        let mondays = weekly(Weekday::Mon, "06:00", Tz::UTC);
        let owed = mondays.owed(at("2024-01-17T11:22:33Z"), at("2024-01-18T12:00:00Z"));
        assert_eq!((owed.scheduled_for, owed.skipped), (at("2024-01-17T11:22:33Z"), vec![]));
        assert_eq!((owed.period.from, owed.period.to), (at("2024-01-08T00:00:00Z"), at("2024-01-15T00:00:00Z")));
    }

    #[test]
    fn a_schedule_that_is_due_since_ever_is_done_with_in_the_end() {
        let owed = weekly(Weekday::Mon, "06:00", Tz::UTC).owed(at("0001-01-02T00:00:00Z"), at("2024-01-18T12:00:00Z"));
        assert_eq!((owed.skipped.len(), owed.skipped.last().copied()), (1_000, Some(at("2024-01-08T06:00:00Z"))));
    }

    /// All that is independent here: the zone's offset at each minute, asked forwards in time. An occurrence is the first minute
    /// of the day's local clock that is not before the wanted time, on a day that has such a minute; else that day's end.
    fn first_minute_at_or_past(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wanted = date.and_time(time);
        let mut minute = (wanted - TimeDelta::hours(30)).and_utc();
        loop {
            let offset = zone.offset_from_utc_datetime(&minute.naive_utc()).fix();
            if minute.naive_utc() + offset >= wanted {
                return minute;
            }
            minute += TimeDelta::minutes(1);
        }
    }

    const ZONES: [Tz; 4] = [Tz::Europe__Madrid, Tz::America__New_York, Tz::Asia__Kolkata, Tz::Australia__Lord_Howe];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Twenty years, any minute of the day, every rhythm: the next occurrence is what counting minutes finds.
        #[test]
        fn the_next_run_is_what_an_independent_calculation_says(
            zone in prop::sample::select(&ZONES[..]),
            // Most changes are between midnight and three.
            minute in prop_oneof![0..180_u32, 0..1_440_u32],
            is_weekly in any::<bool>(),
            weekday in 0..7_u8,
            day in 1..=28_u32,
            second in 1_735_689_600_i64..1_735_689_600 + 20 * 366 * 86_400,
        ) {
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a time");
            let weekday = Weekday::try_from(weekday).expect("a weekday");
            let cadence = if is_weekly { Cadence::Weekly(weekday) } else { Cadence::Monthly(day) };
            let timetable = Timetable { cadence, time, zone };
            let from = DateTime::from_timestamp(second, 0).expect("an instant");
            let expected = (0..70)
                .map(|days| from.date_naive() - Days::new(3) + Days::new(days))
                .filter(|date| if is_weekly { date.weekday() == weekday } else { date.day() == day })
                .map(|date| first_minute_at_or_past(zone, date, time))
                .find(|at| *at > from);
            let next = timetable.next_after(from);
            prop_assert_eq!(Some(next), expected);
            // Back and forth: nothing lies between an occurrence and the next.
            prop_assert_eq!(timetable.latest_until(next), next);
            prop_assert!(timetable.latest_until(next - TimeDelta::microseconds(1)) <= from);
        }
    }
}
