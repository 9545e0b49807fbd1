//! An on-demand report: how far it is, and its data, or a link to its file.

use std::sync::Arc;

use callmetry_access::TenantScope;
use callmetry_files::Files;
use callmetry_host::{Call, Error, Reply, Supervisor};
use callmetry_links::{File, Keys};
use callmetry_metrics::time;
use callmetry_ondemand::{Format, Report, Shown};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

/// What answers need beside the database.
pub struct Shared {
    /// The keys that links are signed with.
    pub keys: Keys,
    /// The bucket.
    pub files: Files,
}

/// Hours that a link is good for; every call makes a new one.
const LINK_HOURS: i64 = 24;
/// The most that is given in an answer. Lambda's is 6 MB at most, and in it quotes and backslashes count twice.
const LARGEST_DATA: i64 = 3_000_000;

/// JSON has `data`, and a link only where that is too large; the other formats have a link.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    report: Shown<'a>,
    /// The file as it is, digit for digit. Null inside: there is none, or it is too large.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Option<Box<RawValue>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(flatten)]
    link: Option<Link>,
}

/// Nulls while there is no file.
#[derive(Default, Serialize)]
struct Link {
    download_url: Option<String>,
    #[serde(serialize_with = "time::optional_instant")]
    download_url_expires_at: Option<DateTime<Utc>>,
}

/// Answers with the report.
pub async fn handle(mut call: Call<Supervisor>, shared: Arc<Shared>) -> Result<Reply, Error> {
    call.without_query()?;
    let tenant = call.caller.own_tenant();
    let report = Report::find(&call.database, tenant, call.path.text("id")).await?.ok_or(Error::NotFound("report"))?;
    let file = report.kept_file(call.now);
    let bytes = report.file_bytes.unwrap_or_default();
    let (is_json, is_large) = (report.contents.format == Format::Json, bytes > LARGEST_DATA);
    let data = match file.filter(|_| is_json && !is_large) {
        Some(key) => Some(read(&shared.files, key).await?),
        None => None,
    };
    let message = format!("The data has {bytes} bytes, an answer {LARGEST_DATA} at most: fetch it from download_url.");
    let link = file.map(|_| Link::new(&shared.keys, tenant, &report, &call.base_url, call.now));
    Reply::json(&Answer {
        report: report.shown(call.now),
        data: is_json.then_some(data),
        message: (is_json && is_large && file.is_some()).then_some(message),
        link: (!is_json || is_large || report.is_expired(call.now)).then(|| link.unwrap_or_default()),
    })
}

/// A file's JSON.
async fn read(files: &Files, key: &str) -> Result<Box<RawValue>, Error> {
    let bytes = files.read(key).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| Error::Internal(format!("a file: {error}")))
}

impl Link {
    fn new(keys: &Keys, tenant: TenantScope, report: &Report, base_url: &str, now: DateTime<Utc>) -> Self {
        let extension = report.contents.format.as_str().to_owned();
        let file = File { tenant, report_id: report.id.clone(), extension };
        let (url, expires) = keys.file_url(base_url, &file, now, TimeDelta::hours(LINK_HOURS));
        Self { download_url: Some(url), download_url_expires_at: Some(expires) }
    }
}
