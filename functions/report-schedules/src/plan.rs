//! The body of `POST` and `PUT`.

use std::collections::HashSet;

use callmetry_host::{Body, Error, Fields};
use callmetry_metrics::ReportName;
use callmetry_recipients::Address;
use callmetry_schedules::{Cadence, Plan, Recipient, Timetable};
use chrono::NaiveTime;
use chrono_tz::Tz;

const MOST_RECIPIENTS: usize = 50;

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
    let time = fields.optional_text("time", 0..=usize::MAX);
    let zone = fields.optional_text("timezone", 0..=usize::MAX);
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
    let time = time.and_then(|text| {
        // The parser alone would take a space for a digit.
        let is_plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        let time = is_plain.then(|| NaiveTime::parse_from_str(&text, "%H:%M").ok()).flatten();
        if time.is_none() {
            fields.error("time", "must be HH:MM, from 00:00 to 23:59");
        }
        time
    });
    let zone = zone.and_then(|text| {
        let zone = text.parse::<Tz>().ok();
        if zone.is_none() {
            fields.error(
                "timezone",
                "must be the name of an IANA time zone, such as Europe/Madrid, in upper and lower case as IANA has it",
            );
        }
        zone
    });
    Some((time?, zone?, false))
}

fn recipients(fields: &mut Fields<'_>) -> Option<Vec<Recipient>> {
    let mut keys = HashSet::new();
    fields.texts("recipients", 1..=MOST_RECIPIENTS, |text| {
        let address = Address::parse(text)?;
        if !keys.insert(address.key()) {
            return Err("is listed before: upper and lower case make no difference");
        }
        Ok(Recipient { address: address.as_str().to_owned(), key: address.key() })
    })
}
