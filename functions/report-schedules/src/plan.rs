//! The body of `POST` and `PUT`.

use callmetry_host::{Body, Error, Fields};
use callmetry_metrics::ReportName;
use callmetry_schedules::entered::{self, Listing, MOST_RECIPIENTS};
use callmetry_schedules::{Cadence, Plan, Recipient, Timetable};
use chrono::NaiveTime;
use chrono_tz::Tz;

#[derive(Clone, Copy, PartialEq)]
enum Rhythm {
    Weekly,
    Monthly,
}

/// Reads what a schedule is to be.
pub fn read(body: &Body) -> Result<Plan, Error> {
    body.read(|fields| {
        let report = fields.choice("report", &ReportName::ALL.map(|report| (report.as_str(), report)));
        let cadence = cadence(fields);
        let time = time(fields);
        let recipients = recipients(fields);
        let enabled = fields.flag_or("enabled", true);
        let (time, zone, by_hour_utc) = time?;
        let timetable = Timetable { cadence: cadence?, time, zone };
        Some(Plan { report: report?, timetable, by_hour_utc, enabled: enabled?, recipients: recipients? })
    })
}

/// `day_of_week` belongs to weekly, `day_of_month` to monthly.
fn cadence(fields: &mut Fields<'_>) -> Option<Cadence> {
    let rhythm = fields.choice("cadence", &[("weekly", Rhythm::Weekly), ("monthly", Rhythm::Monthly)]);
    let (has_weekday, has_day) = (fields.has("day_of_week"), fields.has("day_of_month"));
    let weekday = fields.optional_integer("day_of_week", 0..=6);
    let day = fields.optional_integer("day_of_month", 1..=28);
    match rhythm? {
        Rhythm::Weekly => {
            if has_day {
                fields.error("day_of_month", "is for monthly schedules: a weekly one has a day_of_week");
            }
            if !has_weekday {
                fields.error("day_of_week", "is missing: a weekly schedule needs it, from 0 (Sunday) to 6 (Saturday)");
            }
            Cadence::weekly(weekday?)
        }
        Rhythm::Monthly => {
            if has_weekday {
                fields.error("day_of_week", "is for weekly schedules: a monthly one has a day_of_month");
            }
            if !has_day {
                fields.error("day_of_month", "is missing: a monthly schedule needs it, from 1 to 28");
            }
            u32::try_from(day?).ok().map(Cadence::Monthly)
        }
    }
}

/// Either `hour_utc`, or `time` with `timezone`. Also says which.
fn time(fields: &mut Fields<'_>) -> Option<(NaiveTime, Tz, bool)> {
    let (has_hour, has_time, has_zone) = (fields.has("hour_utc"), fields.has("time"), fields.has("timezone"));
    let hour = fields.optional_integer("hour_utc", 0..=23);
    let time = fields.optional_parsed("time", entered::time);
    let zone = fields.optional_parsed("timezone", entered::zone);
    if has_hour {
        for (name, is_there) in [("time", has_time), ("timezone", has_zone)] {
            if is_there {
                fields.error(name, "cannot be given beside hour_utc: give hour_utc, or time with timezone");
            }
        }
        let hour = u32::try_from(hour?).ok()?;
        return Some((NaiveTime::from_hms_opt(hour, 0, 0)?, Tz::UTC, true));
    }
    match (has_time, has_zone) {
        (false, false) => fields.error("hour_utc", "is missing: give it, from 0 to 23, or time with timezone"),
        (false, true) => fields.error("time", "is missing: HH:MM, which goes with timezone"),
        (true, false) => {
            fields.error("timezone", "is missing: an IANA time zone such as Europe/Madrid, which goes with time")
        }
        (true, true) => {}
    }
    Some((time?, zone?, false))
}

fn recipients(fields: &mut Fields<'_>) -> Option<Vec<Recipient>> {
    let mut listing = Listing::default();
    fields.texts("recipients", 1..=MOST_RECIPIENTS, |text| listing.recipient(text))
}
