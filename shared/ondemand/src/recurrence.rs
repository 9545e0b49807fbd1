//! The schedule that a report carries.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, sql};
use callmetry_schedules::{Cadence, Recipient, Timetable, TimetableColumns};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use crate::id;

pub(crate) const CANCEL_SCHEDULE: Sql = sql!("sql/cancel_schedule.sql");

/// When a report is to be made again, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When.
    pub timetable: Timetable,
    /// Who gets it; distinct keys.
    pub recipients: Vec<Recipient>,
    /// Whether they were given as a list, and not as one address.
    pub as_list: bool,
}

/// The schedule of a report, as its tenant sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct Recurrence {
    #[serde(flatten)]
    columns: TimetableColumns,
    enabled: bool,
    #[serde(with = "instant")]
    next_run_at: DateTime<Utc>,
    recipients_as_list: bool,
    recipients: Vec<String>,
}

/// As it was asked for, and when it runs next: null where everybody has unsubscribed.
#[derive(Serialize)]
struct Shown<'a> {
    frequency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    day_of_week: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day_of_month: Option<u32>,
    time: String,
    timezone: &'static str,
    email: Email<'a>,
    #[serde(serialize_with = "callmetry_metrics::time::optional_instant")]
    next_run_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Email<'a> {
    One(&'a str),
    List(&'a [String]),
}

impl Serialize for Recurrence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let timetable = self.columns.timetable().map_err(serde::ser::Error::custom)?;
        let (frequency, day_of_week, day_of_month) = match timetable.cadence {
            Cadence::Daily => ("daily", None, None),
            Cadence::Weekly(day) => ("weekly", Some(weekday::name(day)), None),
            Cadence::Monthly(day) => ("monthly", None, Some(day)),
        };
        let email = match &self.recipients[..] {
            [one] if !self.recipients_as_list => Email::One(one),
            all => Email::List(all),
        };
        let shown = Shown {
            frequency,
            day_of_week,
            day_of_month,
            time: timetable.time.format("%H:%M").to_string(),
            timezone: timetable.zone.name(),
            email,
            next_run_at: self.enabled.then_some(self.next_run_at),
        };
        shown.serialize(serializer)
    }
}

/// Days of the week, as requests and answers name them.
pub mod weekday {
    use chrono::Weekday;

    /// All of them, by their names.
    pub const CHOICES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];

    pub(super) fn name(day: Weekday) -> &'static str {
        CHOICES[day.num_days_from_monday() as usize].0
    }
}

/// Ends the schedule of a report: nothing is made any more, and what was made stays. False where the report never had one, or is
/// not the tenant's. Done twice it is the same.
pub async fn cancel(database: &Database, tenant: TenantScope, report_id: &str) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Cancelled {}
    if !id::is_one(report_id) {
        return Ok(false);
    }
    let params = Params::new().uuid("tenant_id", tenant.id()).text("report_id", report_id);
    let rows: Vec<Cancelled> = database.write_keyed(CANCEL_SCHEDULE, params).await?;
    Ok(!rows.is_empty())
}
