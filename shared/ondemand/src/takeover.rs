//! What the tick does for reports: starts those that nobody works on, and reads what is to be mailed.

use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_render::{HeadlineText, Period};
use callmetry_schedules::Clock;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Contents, MAX_ATTEMPTS};

pub(crate) const TAKE_OVER_REPORTS: Sql = sql!("sql/take_over_reports.sql");
pub(crate) const FIND_FILES: Sql = sql!("sql/find_files.sql");

/// Reports that nobody works on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Those that are to be started, by their ids.
    pub to_start: Vec<String>,
    /// How many have had all attempts, and have failed now.
    pub failed: usize,
}

/// Up to `limit` reports whose invocation never began in time, or is dead. `token` is the write's own.
pub async fn take_over(database: &Database, clock: Clock, token: Uuid, limit: i64) -> Result<Overdue, Error> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        is_failed: bool,
    }
    let params = clock.params().uuid("token", token).integer("page_size", limit).integer("max_attempts", MAX_ATTEMPTS);
    let rows: Vec<Row> = database.write_keyed(TAKE_OVER_REPORTS, params).await?;
    let (failed, to_start): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_failed);
    Ok(Overdue { to_start: to_start.into_iter().map(|row| row.id).collect(), failed: failed.len() })
}

/// A report that is there, and what its mail says.
#[derive(Clone, Debug, Deserialize)]
pub struct ReportFile {
    /// The report.
    pub id: String,
    /// What is in its file.
    #[serde(flatten)]
    pub contents: Contents,
    #[serde(with = "instant::optional", rename = "previous_from_at")]
    previous_from: Option<DateTime<Utc>>,
    /// When it was completed.
    #[serde(with = "instant")]
    pub completed_at: DateTime<Utc>,
    /// Its file in the bucket.
    pub file_key: String,
    /// The bytes of the file.
    pub file_bytes: i64,
    /// Its headlines.
    #[serde(with = "json::optional")]
    pub summary: Option<Vec<HeadlineText>>,
}

impl ReportFile {
    /// Those of these reports that are completed.
    pub async fn find(database: &Database, report_ids: &[&str]) -> Result<Vec<Self>, Error> {
        let ids = serde_json::to_string(report_ids).map_err(|error| Error::Decode(error.to_string()))?;
        database.read(FIND_FILES, Params::new().text("report_ids", ids.as_str())).await
    }

    /// The days that it is compared with.
    pub fn previous_days(&self) -> Option<Period> {
        Some(Period::of_window(self.contents.zone()?, self.previous_from?, self.contents.from))
    }
}
