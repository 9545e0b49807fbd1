//! One attempt to make a report's file, and what it does to the report's row.

use std::time::Duration;

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, sql};
use serde::Deserialize;
use uuid::Uuid;

use crate::Contents;

pub(crate) const CLAIM_REPORT: Sql = sql!("sql/claim_report.sql");
pub(crate) const PUBLISH_REPORT: Sql = sql!("sql/publish_report.sql");
pub(crate) const RELEASE_REPORT: Sql = sql!("sql/release_report.sql");

/// Attempts that fail before it is given up.
pub const MAX_ATTEMPTS: i64 = 3;

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
    /// What is to be in the file.
    #[serde(flatten)]
    pub contents: Contents,
    /// Whether a CSV begins with a byte-order mark.
    pub byte_order_mark: bool,
    /// Attempts so far, this one included.
    pub attempts: i64,
}

impl Work {
    /// Whose rows it is about.
    pub fn subject(&self) -> TenantScope {
        TenantScope::proven(self.subject_tenant_id)
    }

    /// Where an attempt's file goes.
    pub fn file_key(&self, attempt: &Attempt) -> String {
        let extension = self.contents.format.as_str();
        format!("reports/{}/{}/{}.{extension}", self.tenant_id, attempt.report_id, attempt.token)
    }
}

impl Attempt {
    /// Takes a report for so long, which is longer than its holder can live; none when there is nothing to do or somebody
    /// else does it.
    pub async fn claim(
        database: &Database,
        report_id: &str,
        token: Uuid,
        lease: Duration,
    ) -> Result<Option<(Self, Work)>, Error> {
        let attempt = Self { report_id: report_id.to_owned(), token };
        let params = attempt.params().integer("lease_secs", lease.as_secs() as i64);
        let mut rows: Vec<Work> = database.write_keyed(CLAIM_REPORT, params).await?;
        Ok(rows.pop().map(|work| (attempt, work)))
    }

    /// The report.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// Makes a file the report's. False for an attempt that lost the lease: its file is nobody's.
    pub async fn publish(&self, database: &Database, file_key: &str, file_bytes: u64) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Published {}
        let params = self.params().text("file_key", file_key).integer("file_bytes", file_bytes as i64);
        let rows: Vec<Published> = database.write_keyed(PUBLISH_REPORT, params).await?;
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
        #[derive(Deserialize)]
        struct Nothing {}
        let _: Vec<Nothing> = database.write_keyed(RELEASE_REPORT, self.params().text("error", error)).await?;
        Ok(())
    }

    fn params(&self) -> Params {
        Params::new().text("report_id", self.report_id.as_str()).uuid("token", self.token)
    }
}
