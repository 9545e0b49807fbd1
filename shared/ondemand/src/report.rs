//! A report, as its tenant sees it.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_exports::Filter;
use callmetry_render::Period;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::id;
use crate::kind::{Format, Kind, Status};
use crate::recurrence::Recurrence;

pub(crate) const FIND_REPORT: Sql = sql!("sql/find_report.sql");
pub(crate) const LIST_REPORTS: Sql = sql!("sql/list_reports.sql");
pub(crate) const COUNT_REPORTS: Sql = sql!("sql/count_reports.sql");

/// Days that a file is kept. The lifecycle of the bucket removes it a day later.
pub const KEPT_DAYS: i64 = 90;

/// What is in a report's file.
#[derive(Clone, Debug, Deserialize)]
pub struct Contents {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What its file is.
    pub format: Format,
    /// Which table of it a CSV has; the first where none is named.
    pub section: Option<String>,
    /// The first instant of its window.
    #[serde(with = "instant", rename = "from_at")]
    pub from: DateTime<Utc>,
    /// The first instant after it.
    #[serde(with = "instant", rename = "to_at")]
    pub to: DateTime<Utc>,
    /// The zone of which the window is whole days; none where it is any two instants.
    timezone: Option<String>,
    /// Which rows.
    #[serde(with = "json")]
    pub filters: Filter,
}

impl Contents {
    /// The zone of which the window is whole days.
    pub fn zone(&self) -> Option<Tz> {
        self.timezone.as_deref()?.parse().ok()
    }

    /// The days of the window, where it is whole days.
    pub fn days(&self) -> Option<Period> {
        self.zone().map(|zone| Period::of_window(zone, self.from, self.to))
    }

    /// What its file is saved as: `call_summary_2024-01-22_2024-01-28.pdf`, with the first and the last day, or with the UTC dates
    /// of the two instants.
    pub fn file_name(&self) -> String {
        let stem = match &self.section {
            Some(section) => format!("{}_{section}", self.kind.file_stem()),
            None => self.kind.file_stem().to_owned(),
        };
        let Period { first, last } =
            self.days().unwrap_or(Period { first: self.from.date_naive(), last: self.to.date_naive() });
        format!("{stem}_{first}_{last}.{}", self.format.as_str())
    }
}

/// A report of a tenant.
#[derive(Clone, Debug, Deserialize)]
pub struct Report {
    /// `rpt_` and 16 characters.
    pub id: String,
    /// What is in its file.
    #[serde(flatten)]
    pub contents: Contents,
    /// How far it is.
    pub status: Status,
    /// When it was ordered.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// When it was completed or failed.
    #[serde(with = "instant::optional")]
    pub completed_at: Option<DateTime<Utc>>,
    /// Its file in the bucket.
    pub file_key: Option<String>,
    /// The bytes of the file.
    pub file_bytes: Option<i64>,
    /// The pages of a PDF.
    pub page_count: Option<i64>,
    /// Why it failed, for whoever ordered it.
    pub error: Option<String>,
    /// The report whose schedule it was made for.
    pub parent_report_id: Option<String>,
    /// The schedule that it carries.
    #[serde(with = "json::optional")]
    pub schedule: Option<Recurrence>,
}

/// Which reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Of this type.
    pub kind: Option<Kind>,
    /// As far as this.
    pub status: Option<Status>,
    /// With a schedule, or without.
    pub scheduled: Option<bool>,
}

/// Where a page of reports begins, newest first.
#[derive(Clone, Debug)]
pub enum Start {
    /// After so many.
    Skip(i64),
    /// After the report of this instant and id.
    After(DateTime<Utc>, String),
}

impl Report {
    /// The report of this id, if it is the tenant's. What is no id is not asked for.
    pub async fn find(database: &Database, tenant: TenantScope, id: &str) -> Result<Option<Self>, Error> {
        if !id::is_one(id) {
            return Ok(None);
        }
        database.read_optional(FIND_REPORT, Params::new().uuid("tenant_id", tenant.id()).text("report_id", id)).await
    }

    /// Up to `limit` reports of a tenant, newest first.
    pub async fn list(
        database: &Database,
        tenant: TenantScope,
        wanted: Wanted,
        start: &Start,
        limit: i64,
    ) -> Result<Vec<Self>, Error> {
        let params = |last: Option<&Self>, page_size| {
            let (after, skip) = match (last, start) {
                (Some(last), _) => (Some((last.created_at, last.id.as_str())), 0),
                (None, Start::After(at, id)) => (Some((*at, id.as_str())), 0),
                (None, Start::Skip(skip)) => (None, *skip),
            };
            let (at, id) = after.unzip();
            let params = wanted.params(tenant).instant("after_at", at).text("after_id", id);
            params.integer("skip", skip).integer("page_size", page_size)
        };
        database.read_up_to(LIST_REPORTS, params, limit).await
    }

    /// How many reports of a tenant there are.
    pub async fn count(database: &Database, tenant: TenantScope, wanted: Wanted) -> Result<i64, Error> {
        #[derive(Deserialize)]
        struct Row {
            total: i64,
        }
        let row: Option<Row> = database.read_optional(COUNT_REPORTS, wanted.params(tenant)).await?;
        Ok(row.map_or(0, |row| row.total))
    }

    /// Where it is read.
    pub fn location(&self) -> String {
        format!("/api/v1/reports/{}", self.id)
    }

    /// The file in the bucket, while it is kept.
    pub fn kept_file(&self, now: DateTime<Utc>) -> Option<&str> {
        let kept_until = self.completed_at? + TimeDelta::days(KEPT_DAYS);
        self.file_key.as_deref().filter(|_| now < kept_until)
    }

    /// Whether there was a file that is not kept any more.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.status == Status::Completed && self.kept_file(now).is_none()
    }
}

impl Wanted {
    fn params(self, tenant: TenantScope) -> Params {
        Params::new()
            .uuid("tenant_id", tenant.id())
            .text("type", self.kind.map(Kind::as_str))
            .text("status", self.status.map(Status::as_str))
            .flag("scheduled", self.scheduled)
    }
}
