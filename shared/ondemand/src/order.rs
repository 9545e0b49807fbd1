//! Ordering a report: the same request gets the same report.

use std::time::Duration;

use callmetry_access::{TenantScope, random_base62, request_key};
use callmetry_database::{Database, Error, Params, Sql, sql};
use callmetry_exports::Filter;
use callmetry_metrics::Window;
use serde::Deserialize;

use crate::report::{ID_LENGTH, ID_PREFIX};
use crate::{Format, Kind, Report};

pub(crate) const ORDER_REPORT: Sql = sql!("sql/order_report.sql");

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
    /// Its window.
    pub window: Window,
    /// Which rows.
    pub filter: Filter,
    /// Whether a CSV begins with a byte-order mark.
    pub byte_order_mark: bool,
}

/// What makes two requests of one user the same, and for how long.
#[derive(Clone, Debug)]
pub struct RequestKey {
    key: String,
    keep: Duration,
}

impl RequestKey {
    /// The key of a query: the same parts, in the same order, are the same query for so long.
    pub fn of_query<'a>(parts: impl IntoIterator<Item = &'a str>, keep: Duration) -> Self {
        Self { key: format!("query:{}", request_key(parts)), keep }
    }
}

#[derive(Deserialize)]
struct Row {
    report_id: String,
}

impl Order<'_> {
    /// The report of this order: a new one, or the one that the same request got before.
    pub async fn place(&self, database: &Database, request: &RequestKey) -> Result<Report, Error> {
        let id = random_base62(ID_LENGTH).map_err(|error| Error::Configuration(format!("no randomness: {error}")))?;
        let filters = serde_json::to_string(&self.filter).map_err(|error| Error::Decode(error.to_string()))?;
        let params = Params::new()
            .uuid("tenant_id", self.tenant.id())
            .text("user_id", self.user_id)
            .text("request_key", request.key.as_str())
            .integer("keep_secs", request.keep.as_secs() as i64)
            .text("report_id", format!("{ID_PREFIX}{id}").as_str())
            .uuid("subject_tenant_id", self.subject.id())
            .text("type", self.kind.as_str())
            .text("format", self.format.as_str())
            .instant("from", self.window.from())
            .instant("to", self.window.to())
            .text("filters", filters.as_str())
            .flag("byte_order_mark", self.byte_order_mark);
        let rows: Vec<Row> = database.write_keyed(ORDER_REPORT, params).await?;
        let id = &rows.first().ok_or_else(|| Error::Decode("an order without a report".into()))?.report_id;
        let report = Report::find(database, self.tenant, id).await?;
        report.ok_or_else(|| Error::Decode("an ordered report that is not there".into()))
    }
}
