//! An on-demand report: how far it is, and a link to its file.

use std::sync::Arc;

use callmetry_exports::Filter;
use callmetry_host::{Call, Error, Reply, Supervisor};
use callmetry_links::{File, Keys};
use callmetry_metrics::time;
use callmetry_ondemand::{Format, Kind, Report, Status};
use callmetry_worker::Worker;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;

/// What answers need beside the database.
pub struct Shared {
    /// The keys that links are signed with.
    pub keys: Keys,
    /// Who makes files.
    pub worker: Worker,
}

/// Hours that a link is good for; every call makes a new one.
const LINK_HOURS: i64 = 24;

#[derive(Serialize)]
struct Answer {
    report_id: String,
    r#type: Kind,
    status: Status,
    format: Format,
    #[serde(serialize_with = "time::instant")]
    from: DateTime<Utc>,
    #[serde(serialize_with = "time::instant")]
    to: DateTime<Utc>,
    filters: Filter,
    scheduled: bool,
    #[serde(serialize_with = "time::instant")]
    created_at: DateTime<Utc>,
    #[serde(serialize_with = "time::optional_instant")]
    completed_at: Option<DateTime<Utc>>,
    download_url: Option<String>,
    #[serde(serialize_with = "time::optional_instant")]
    download_url_expires_at: Option<DateTime<Utc>>,
    /// Whether there was a file that is not kept any more.
    file_expired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Answers with the report.
pub async fn handle(mut call: Call<Supervisor>, shared: Arc<Shared>) -> Result<Reply, Error> {
    call.without_query()?;
    let tenant = call.caller.own_tenant();
    let report = Report::find(&call.database, tenant, call.path.text("id")).await?.ok_or(Error::NotFound("report"))?;
    if report.is_idle {
        // Whoever worked on it died of it. Not being able to start another is no reason not to answer.
        if let Err(error) = shared.worker.start(&report.id).await {
            tracing::warn!(%error, report_id = report.id, "not started again");
        }
    }
    let is_kept = report.kept_file(call.now).is_some();
    let expires = call.now.trunc_subsecs(0) + TimeDelta::hours(LINK_HOURS);
    let download_url = if is_kept {
        let extension = report.contents.format.as_str().to_owned();
        let file = File { tenant, report_id: report.id.clone(), extension };
        let link = shared.keys.link(&file, expires.timestamp());
        Some(format!("{}{link}", call.base_url))
    } else {
        None
    };
    Reply::json(&Answer {
        report_id: report.id,
        r#type: report.contents.kind,
        status: report.status,
        format: report.contents.format,
        from: report.contents.from,
        to: report.contents.to,
        filters: report.contents.filters,
        scheduled: false,
        created_at: report.created_at,
        completed_at: report.completed_at,
        download_url_expires_at: download_url.is_some().then_some(expires),
        download_url,
        file_expired: report.status == Status::Completed && !is_kept,
        error: report.error,
    })
}
