//! A schedule, as clients see it.

use callmetry_host::Error;
use callmetry_metrics::{ReportName, time};
use callmetry_schedules::{Cadence, Schedule};
use chrono::{DateTime, Timelike, Utc};
use serde::Serialize;
use uuid::Uuid;

/// The answer. A schedule has one of the two days, and either `hour_utc` or `time` with `timezone`; the others are null.
#[derive(Serialize)]
pub struct Answer {
    id: Uuid,
    report: ReportName,
    cadence: &'static str,
    day_of_week: Option<u32>,
    day_of_month: Option<u32>,
    hour_utc: Option<u32>,
    time: Option<String>,
    timezone: Option<&'static str>,
    recipients: Vec<String>,
    /// Listed, and do not want it.
    unsubscribed: Vec<String>,
    enabled: bool,
    /// Null while it is disabled.
    #[serde(serialize_with = "time::optional_instant")]
    next_run_at: Option<DateTime<Utc>>,
    #[serde(serialize_with = "time::optional_instant")]
    last_run_at: Option<DateTime<Utc>>,
    last_status: Option<String>,
    #[serde(serialize_with = "time::instant")]
    created_at: DateTime<Utc>,
    #[serde(serialize_with = "time::instant")]
    updated_at: DateTime<Utc>,
}

impl Answer {
    /// What is said of a schedule.
    pub fn of(schedule: Schedule) -> Result<Self, Error> {
        let timetable = schedule.timetable()?;
        let (cadence, day_of_week, day_of_month) = match timetable.cadence {
            Cadence::Daily => ("daily", None, None),
            Cadence::Weekly(day) => ("weekly", Some(day.num_days_from_sunday()), None),
            Cadence::Monthly(day) => ("monthly", None, Some(day)),
        };
        let by_hour_utc = schedule.by_hour_utc;
        Ok(Self {
            id: schedule.id,
            report: schedule.report,
            cadence,
            day_of_week,
            day_of_month,
            hour_utc: by_hour_utc.then(|| timetable.time.hour()),
            time: (!by_hour_utc).then(|| timetable.time.format("%H:%M").to_string()),
            timezone: (!by_hour_utc).then(|| timetable.zone.name()),
            enabled: schedule.enabled,
            next_run_at: schedule.next_run_at(),
            recipients: schedule.recipients,
            unsubscribed: schedule.unsubscribed,
            last_run_at: schedule.last_run_at,
            last_status: schedule.last_status,
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
        })
    }
}
