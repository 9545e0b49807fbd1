//! Ordering a report: the same request gets the same report.

use std::time::Duration;

use callmetry_access::{TenantScope, request_key};
use callmetry_database::{Database, Error, Params, Sql, sql};
use callmetry_exports::Filter;
use callmetry_metrics::Window;
use callmetry_schedules::timetable_params;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use crate::recurrence::Plan;
use crate::{Format, Kind, Report, id};

pub(crate) const ORDER_REPORT: Sql = sql!("sql/order_report.sql");

/// How long the same key of a client is the same request.
const KEY_KEPT: Duration = Duration::from_secs(24 * 3_600);
/// How long a request without a key is remembered: while its write may be repeated.
const ONCE_KEPT: Duration = Duration::from_secs(60);

/// What is ordered, by whom.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Who may read it: the tenant of whom orders it.
    pub tenant: TenantScope,
    /// Who orders it.
    pub user_id: &'a str,
    /// Whose rows it is about.
    pub subject: TenantScope,
    /// What it is about.
    pub kind: Kind,
    /// What its file is to be.
    pub format: Format,
    /// Which table a CSV is to have.
    pub section: Option<&'static str>,
    /// Its window.
    pub window: Window,
    /// The zone of which the window is whole days, and where the days before it, which it is compared with, begin.
    pub days: Option<(Tz, DateTime<Utc>)>,
    /// Which rows.
    pub filter: Filter,
    /// Whether a CSV begins with a byte-order mark.
    pub byte_order_mark: bool,
    /// When it is to be made again, under which id.
    pub schedule: Option<(Uuid, &'a Plan)>,
}

/// What makes two requests of one user the same, and for how long.
#[derive(Clone, Debug)]
pub struct RequestKey {
    key: String,
    content_hash: Option<String>,
    keep: Duration,
    replaces_failed: bool,
}

/// What became of an order.
#[derive(Debug)]
pub enum Placed {
    /// There is a report now that was not there before.
    New(Report),
    /// The same request got it before.
    Known(Report),
    /// The key was used for something else.
    OtherContent,
}

impl RequestKey {
    /// The key of a query: the same parts, in the same order, are the same query for so long, but where its report has failed.
    pub fn of_query<'a>(parts: impl IntoIterator<Item = &'a str>, keep: Duration) -> Self {
        let key = format!("query:{}", request_key(parts));
        Self { key, content_hash: None, keep, replaces_failed: true }
    }

    /// A client's own key, for 24 hours, and what it was sent with.
    pub fn of_client<'a>(key: &str, content: impl IntoIterator<Item = &'a str>) -> Self {
        let (key, content_hash) = (format!("key:{}", request_key([key])), Some(request_key(content)));
        Self { key, content_hash, keep: KEY_KEPT, replaces_failed: false }
    }

    /// That of a request which is like no other.
    pub fn once(token: Uuid) -> Self {
        Self { key: format!("once:{token}"), content_hash: None, keep: ONCE_KEPT, replaces_failed: false }
    }
}

#[derive(Deserialize)]
struct Row {
    report_id: String,
    content_hash: Option<String>,
}

impl Order<'_> {
    /// Makes the report of this order, unless the same request got one before.
    pub async fn place(&self, database: &Database, request: &RequestKey, now: DateTime<Utc>) -> Result<Placed, Error> {
        let new_id = id::new()?;
        let params = self.schedule_params(self.report_params(&new_id)?, now)?;
        let params = params
            .text("request_key", request.key.as_str())
            .text("content_hash", request.content_hash.as_deref())
            .integer("keep_secs", request.keep.as_secs() as i64)
            .flag("replace_failed", request.replaces_failed);
        let rows: Vec<Row> = database.write_keyed(ORDER_REPORT, params).await?;
        let row = rows.first().ok_or_else(|| Error::Decode("an order without a report".into()))?;
        if row.content_hash != request.content_hash {
            return Ok(Placed::OtherContent);
        }
        let report = Report::find(database, self.tenant, &row.report_id).await?;
        let report = report.ok_or_else(|| Error::Decode("an ordered report that is not there".into()))?;
        Ok(if row.report_id == new_id { Placed::New(report) } else { Placed::Known(report) })
    }

    fn report_params(&self, new_id: &str) -> Result<Params, Error> {
        let filters = serde_json::to_string(&self.filter).map_err(|error| Error::Decode(error.to_string()))?;
        let (zone, previous_from) = self.days.unzip();
        Ok(Params::new()
            .uuid("tenant_id", self.tenant.id())
            .text("user_id", self.user_id)
            .text("report_id", new_id)
            .uuid("subject_tenant_id", self.subject.id())
            .text("type", self.kind.as_str())
            .text("format", self.format.as_str())
            .text("section", self.section)
            .instant("from", self.window.from())
            .instant("to", self.window.to())
            .text("timezone", zone.map(|zone: Tz| zone.name()))
            .instant("previous_from", previous_from)
            .text("filters", filters.as_str())
            .flag("byte_order_mark", self.byte_order_mark))
    }

    fn schedule_params(&self, params: Params, now: DateTime<Utc>) -> Result<Params, Error> {
        let Some((schedule_id, plan)) = self.schedule else {
            let nothing = ["cadence", "local_time", "schedule_timezone"];
            let params = nothing.into_iter().fold(params, |params, name| params.text(name, None));
            return Ok(params
                .uuid("schedule_id", None)
                .integer("day_of_week", None)
                .integer("day_of_month", None)
                .instant("next_run_at", None)
                .text("recipients", "[]")
                .flag("recipients_as_list", None));
        };
        let recipients = serde_json::to_string(&plan.recipients).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(timetable_params(params, &plan.timetable)
            .uuid("schedule_id", schedule_id)
            .text("schedule_timezone", plan.timetable.zone.name())
            .instant("next_run_at", plan.timetable.next_after(now))
            .text("recipients", recipients.as_str())
            .flag("recipients_as_list", plan.as_list))
    }
}
