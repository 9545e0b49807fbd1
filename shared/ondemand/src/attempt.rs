//! One attempt to make a report's file, and what it does to the report's row.

use std::time::Duration;

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_render::{HeadlineText, Period};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::Contents;

pub(crate) const CLAIM_REPORT: Sql = sql!("sql/claim_report.sql");
pub(crate) const RENEW_LEASE: Sql = sql!("sql/renew_lease.sql");
pub(crate) const RECORD_UPLOAD: Sql = sql!("sql/record_upload.sql");
pub(crate) const PUBLISH_REPORT: Sql = sql!("sql/publish_report.sql");
pub(crate) const RELEASE_REPORT: Sql = sql!("sql/release_report.sql");

/// Attempts before it is given up, those that never began included.
pub const MAX_ATTEMPTS: i64 = 3;
/// How long nobody else begins, from the latest renewal on.
const LEASE: Duration = Duration::from_secs(90);
/// How often the lease is to be renewed, so that two renewals may be lost.
pub const RENEWAL: Duration = Duration::from_secs(25);

/// Who works on a report: every statement about it carries the token, so that whoever lost the lease changes nothing.
#[derive(Clone, Debug)]
pub struct Attempt {
    report_id: String,
    token: Uuid,
}

/// What is to be made.
#[derive(Clone, Debug, Deserialize)]
pub struct Work {
    tenant_id: Uuid,
    subject_tenant_id: Uuid,
    /// The name of whose rows it is about.
    pub tenant: String,
    /// What is to be in the file.
    #[serde(flatten)]
    pub contents: Contents,
    /// Where the days before its window begin, which it is compared with.
    #[serde(with = "instant::optional", rename = "previous_from_at")]
    pub previous_from: Option<DateTime<Utc>>,
    /// The name of the campaign that it is narrowed to.
    pub campaign: Option<String>,
    /// The name of the agent that it is narrowed to.
    pub agent: Option<String>,
    /// Whether a CSV begins with a byte-order mark.
    pub byte_order_mark: bool,
    /// Attempts so far, this one included.
    pub attempts: i64,
    /// When it was ordered.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// Whether it is mailed when it is there.
    pub is_mailed: bool,
    #[serde(with = "json")]
    leftovers: Vec<LeftBy>,
}

/// Who had it before.
#[derive(Clone, Debug, Deserialize)]
struct LeftBy {
    token: Uuid,
    upload_id: Option<String>,
}

/// What somebody who died may have left in the bucket.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// The file's key.
    pub key: String,
    /// Its multipart upload, if it had begun one.
    pub upload_id: Option<String>,
}

/// A file that is in the bucket.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Its length.
    pub bytes: u64,
    /// The pages of a PDF.
    pub pages: Option<usize>,
    /// The report's headlines, where they were computed.
    pub headlines: Option<Vec<HeadlineText>>,
}

impl Work {
    /// Whose rows it is about.
    pub fn subject(&self) -> TenantScope {
        TenantScope::proven(self.subject_tenant_id)
    }

    /// Where an attempt's file goes.
    pub fn file_key(&self, attempt: &Attempt) -> String {
        self.key(&attempt.report_id, attempt.token)
    }

    /// What the attempts before may have left.
    pub fn leftovers(&self, attempt: &Attempt) -> Vec<Leftover> {
        let left =
            |by: &LeftBy| Leftover { key: self.key(&attempt.report_id, by.token), upload_id: by.upload_id.clone() };
        self.leftovers.iter().map(left).collect()
    }

    /// The days that it is compared with.
    pub fn previous_days(&self) -> Option<Period> {
        Some(Period::of_window(self.contents.zone()?, self.previous_from?, self.contents.from))
    }

    fn key(&self, report_id: &str, token: Uuid) -> String {
        format!("reports/{}/{report_id}/{token}.{}", self.tenant_id, self.contents.format.as_str())
    }
}

#[derive(Deserialize)]
struct Held {}

impl Attempt {
    /// Takes a report; none when there is nothing to do or somebody else does it.
    pub async fn claim(database: &Database, report_id: &str, token: Uuid) -> Result<Option<(Self, Work)>, Error> {
        let attempt = Self { report_id: report_id.to_owned(), token };
        let mut rows: Vec<Work> =
            database.write_keyed(CLAIM_REPORT, attempt.lease_params().integer("max_attempts", MAX_ATTEMPTS)).await?;
        Ok(rows.pop().map(|work| (attempt, work)))
    }

    /// The report.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// Keeps others away for another while. False where the lease was lost.
    pub async fn renew(&self, database: &Database) -> Result<bool, Error> {
        let rows: Vec<Held> = database.write_keyed(RENEW_LEASE, self.lease_params()).await?;
        Ok(!rows.is_empty())
    }

    /// Remembers the multipart upload of the file, so that whoever comes after this attempt can end it. False where the lease was
    /// lost.
    pub async fn record_upload(&self, database: &Database, upload_id: &str) -> Result<bool, Error> {
        let rows: Vec<Held> = database.write_keyed(RECORD_UPLOAD, self.params().text("upload_id", upload_id)).await?;
        Ok(!rows.is_empty())
    }

    /// Makes a file the report's. False for an attempt that lost the lease: its file is nobody's.
    pub async fn publish(&self, database: &Database, file_key: &str, made: &Made) -> Result<bool, Error> {
        let summary = made.headlines.as_ref().map(serde_json::to_string).transpose();
        let summary = summary.map_err(|error| Error::Decode(error.to_string()))?;
        let params = self
            .params()
            .text("file_key", file_key)
            .integer("file_bytes", made.bytes as i64)
            .integer("page_count", made.pages.map(|pages| pages as i64))
            .text("summary", summary.as_deref());
        let rows: Vec<Held> = database.write_keyed(PUBLISH_REPORT, params).await?;
        Ok(!rows.is_empty())
    }

    /// Lets another attempt begin, after a pause.
    pub async fn give_back(&self, database: &Database) -> Result<(), Error> {
        self.release(database, None).await
    }

    /// Gives the report up. `why` is for whoever ordered it.
    pub async fn fail(&self, database: &Database, why: &str) -> Result<(), Error> {
        self.release(database, Some(why)).await
    }

    async fn release(&self, database: &Database, error: Option<&str>) -> Result<(), Error> {
        let _: Vec<Held> = database.write_keyed(RELEASE_REPORT, self.params().text("error", error)).await?;
        Ok(())
    }

    fn params(&self) -> Params {
        Params::new().text("report_id", self.report_id.as_str()).uuid("token", self.token)
    }

    fn lease_params(&self) -> Params {
        self.params().integer("lease_secs", LEASE.as_secs() as i64)
    }
}
