//! On-demand reports: started where nobody works on one, and mailed when they are there.

use std::collections::HashMap;
use std::sync::Arc;

use callmetry_database::Error;
use callmetry_files::Files;
use callmetry_links::{File, Keys, on_demand_page};
use callmetry_mail::{Attachment, Download, Letter, Summary};
use callmetry_ondemand::{Format, Kind, ReportFile, take_over};
use callmetry_render::Period;
use callmetry_schedules::{Run, Subject};
use callmetry_worker::Worker;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};

use crate::Turn;

/// Reports looked at at a time, and started side by side.
const LOOKED_AT: usize = 100;
const STARTED_AT_ONCE: usize = 8;
/// How long the link in a mail is good for.
const LINK_DAYS: i64 = 7;

/// Starts reports whose invocation never began, or is dead. Says how many, and how many have had all attempts.
pub(crate) async fn start_overdue(turn: &Turn, worker: &Worker) -> Result<(usize, usize), Error> {
    let (mut started, mut failed) = (0, 0);
    loop {
        let overdue = take_over(&turn.database, turn.clock, (turn.new_id)(), LOOKED_AT as i64).await?;
        start(worker, &overdue.to_start).await;
        started += overdue.to_start.len();
        failed += overdue.failed;
        if overdue.to_start.len() + overdue.failed < LOOKED_AT {
            return Ok((started, failed));
        }
    }
}

/// Starts these. One that cannot be is found again in a minute.
pub(crate) async fn start(worker: &Worker, report_ids: &[String]) {
    stream::iter(report_ids)
        .for_each_concurrent(STARTED_AT_ONCE, |report_id| async move {
            if let Err(error) = worker.start(report_id).await {
                tracing::warn!(%error, report_id, "a report was not started");
            }
        })
        .await;
}

/// Writes the letters of reports.
pub(crate) struct Letters<'a> {
    pub files: &'a Files,
    pub keys: &'a Keys,
    pub public_url: &'a str,
    pub now: DateTime<Utc>,
}

/// The files of those runs that send one, by the ids of the reports.
pub(crate) async fn files(turn: &Turn, runs: &[&Run]) -> Result<HashMap<String, ReportFile>, Error> {
    let ids = |run: &&'_ Run| match &run.subject {
        Subject::Report(id) => Some(id.clone()),
        Subject::Digest(_) => None,
    };
    let ids: Vec<String> = runs.iter().filter_map(ids).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = ReportFile::find(&turn.database, &ids).await?;
    Ok(found.into_iter().map(|file| (file.id.clone(), file)).collect())
}

impl Letters<'_> {
    /// The letter of a run, with the file where that may be attached.
    pub async fn letter(&self, run: &Run, file: &ReportFile) -> Result<Arc<Letter>, callmetry_files::Error> {
        let contents = &file.contents;
        let size = file.file_bytes.unsigned_abs();
        let attachment = if contents.format != Format::Json && Attachment::fits(size) {
            Some(Attachment {
                file_name: contents.file_name(),
                content_type: contents.format.content_type(),
                bytes: self.files.read(&file.file_key).await?,
            })
        } else {
            None
        };
        let linked =
            File { tenant: run.tenant, report_id: file.id.clone(), extension: contents.format.as_str().to_owned() };
        let (url, expires) = self.keys.file_url(self.public_url, &linked, self.now, TimeDelta::days(LINK_DAYS));
        let summary = Summary {
            title: contents.kind.title(),
            tenant: run.tenant_name.clone(),
            headlines: file.summary.clone().unwrap_or_default(),
            period: contents.days().unwrap_or_else(|| Period::of_window(run.zone, run.period.from, run.period.to)),
            // The one headline of raw calls is not compared.
            previous: file.previous_days().filter(|_| contents.kind != Kind::CdrExport),
            zone: run.zone.name().to_owned(),
            cadence: run.rhythm.clone(),
            reports_url: on_demand_page(self.public_url, &file.id),
        };
        let download = Download { url, format: contents.format.title(), expires, attachment, bytes: size };
        Ok(Arc::new(Letter::report(summary, download)))
    }
}
