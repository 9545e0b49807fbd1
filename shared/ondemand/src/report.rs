//! A report, as whoever ordered it sees it.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_exports::Filter;
use callmetry_metrics::time;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub(crate) const FIND_REPORT: Sql = sql!("sql/find_report.sql");

/// An id is this and 16 characters of `0-9A-Za-z`.
pub(crate) const ID_PREFIX: &str = "rpt_";
pub(crate) const ID_LENGTH: usize = 16;

/// Days that a file is kept. The lifecycle of the bucket removes it a day later.
pub const KEPT_DAYS: i64 = 90;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Raw calls.
    CdrExport,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::CdrExport => "cdr_export",
        }
    }
}

/// What its file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values.
    Csv,
}

impl Format {
    /// Its name, which is the extension of a file too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being made, or about to be.
    Generating,
    /// There is a file.
    Completed,
    /// There will be none.
    Failed,
}

/// What is in a report's file.
#[derive(Clone, Debug, Deserialize)]
pub struct Contents {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What its file is.
    pub format: Format,
    /// The first instant of its window.
    #[serde(with = "instant", rename = "from_at")]
    pub from: DateTime<Utc>,
    /// The first instant after it.
    #[serde(with = "instant", rename = "to_at")]
    pub to: DateTime<Utc>,
    /// Which rows.
    #[serde(with = "json")]
    pub filters: Filter,
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
    /// Why it failed, for whoever ordered it.
    pub error: Option<String>,
    /// Whether nobody works on it though there is something to do.
    pub is_idle: bool,
}

/// The answer to an order.
#[derive(Debug, Serialize)]
pub struct Receipt<'a> {
    report_id: &'a str,
    r#type: Kind,
    status: Status,
    format: Format,
    scheduled: bool,
    #[serde(serialize_with = "time::instant")]
    created_at: DateTime<Utc>,
}

impl Report {
    /// The report of this id, if it is the tenant's. What is no id is not asked for.
    pub async fn find(database: &Database, tenant: TenantScope, id: &str) -> Result<Option<Self>, Error> {
        let is_id = |id: &str| id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !id.strip_prefix(ID_PREFIX).is_some_and(is_id) {
            return Ok(None);
        }
        database.read_optional(FIND_REPORT, Params::new().uuid("tenant_id", tenant.id()).text("report_id", id)).await
    }

    /// What is said to whom ordered it.
    pub fn receipt(&self) -> Receipt<'_> {
        Receipt {
            report_id: &self.id,
            r#type: self.contents.kind,
            status: self.status,
            format: self.contents.format,
            scheduled: false,
            created_at: self.created_at,
        }
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
}
