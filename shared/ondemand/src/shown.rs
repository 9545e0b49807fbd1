//! What clients are told of a report.

use callmetry_exports::Filter;
use callmetry_metrics::time;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{Format, Kind, Recurrence, Report, Status};

/// The answer to an order.
#[derive(Debug, Serialize)]
pub struct Receipt<'a> {
    report_id: &'a str,
    r#type: Kind,
    status: Status,
    format: Format,
    scheduled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'a Recurrence>,
    #[serde(serialize_with = "time::instant")]
    created_at: DateTime<Utc>,
}

/// A report without its data and links.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    report_id: &'a str,
    r#type: Kind,
    status: Status,
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    from: Bound,
    to: Bound,
    /// The zone that the days are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<&'static str>,
    filters: Filter,
    scheduled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'a Recurrence>,
    /// The report whose schedule it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_report_id: Option<&'a str>,
    #[serde(serialize_with = "time::instant")]
    created_at: DateTime<Utc>,
    #[serde(serialize_with = "time::optional_instant")]
    completed_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_count: Option<i64>,
    /// Whether there was a file that is not kept any more.
    file_expired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A day that is included, or the instant that bounds a half-open window.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Bound {
    Day(NaiveDate),
    #[serde(serialize_with = "time::instant")]
    Instant(DateTime<Utc>),
}

impl Report {
    /// What is said to whom ordered it.
    pub fn receipt(&self) -> Receipt<'_> {
        Receipt {
            report_id: &self.id,
            r#type: self.contents.kind,
            status: self.status,
            format: self.contents.format,
            scheduled: self.schedule.is_some(),
            schedule: self.schedule.as_ref(),
            created_at: self.created_at,
        }
    }

    /// What is said of it at an instant.
    pub fn shown(&self, now: DateTime<Utc>) -> Shown<'_> {
        let contents = &self.contents;
        let (from, to) = match contents.days() {
            Some(days) => (Bound::Day(days.first), Bound::Day(days.last)),
            None => (Bound::Instant(contents.from), Bound::Instant(contents.to)),
        };
        Shown {
            report_id: &self.id,
            r#type: contents.kind,
            status: self.status,
            format: contents.format,
            section: contents.section.as_deref(),
            from,
            to,
            timezone: contents.zone().map(|zone| zone.name()),
            filters: contents.filters,
            scheduled: self.schedule.is_some(),
            schedule: self.schedule.as_ref(),
            parent_report_id: self.parent_report_id.as_deref(),
            created_at: self.created_at,
            completed_at: self.completed_at,
            page_count: self.page_count,
            file_expired: self.is_expired(now),
            error: self.error.as_deref(),
        }
    }
}
