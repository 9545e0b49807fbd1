//! Takes a report, makes its file, publishes it.

use std::time::Duration;

use callmetry_database::{Database, Error};
use callmetry_files::Files;
use callmetry_gate::Gate;
use callmetry_host::{Done, Invocation, Line};
use callmetry_metrics::ondemand::agent_coaching::AgentCoaching;
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::CampaignPerformance;
use callmetry_metrics::ondemand::qa_performance::QaPerformance;
use callmetry_ondemand::{Attempt, Kind, Leftover, MAX_ATTEMPTS, Made, RENEWAL, Work};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::draft::Draft;
use crate::failure::Failure;
use crate::task::{Document, Task};
use crate::{cdr_export, compliance_audit, whole};

/// What making a file needs.
pub struct Generator {
    /// The database, without a deadline.
    pub database: Database,
    /// Where files go.
    pub files: Files,
    /// What lets the tick look after a report that is to be mailed.
    pub gate: Gate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    report_id: String,
}

/// Kept back of the function's time, to clean up in.
const RESERVE: Duration = Duration::from_secs(20);
/// What is left of the time for a file when the last row has been read.
const TO_STORE: Duration = Duration::from_secs(10);

impl Generator {
    /// Answers one event. An error makes Lambda deliver it again.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let event: Event = match serde_json::from_value(event) {
            Ok(event) => event,
            Err(error) => return Done::failed(Line::new("refused"), format!("the event: {error}")),
        };
        let database = self.database.until(invocation.deadline);
        #[allow(clippy::disallowed_methods, reason = "a lease's token is made once an invocation")]
        let token = Uuid::new_v4();
        let line = |outcome: &str| Line::new(outcome).with("report_id", event.report_id.as_str());
        let (attempt, work) = match Attempt::claim(&database, &event.report_id, token).await {
            Ok(Some(claimed)) => claimed,
            Ok(None) => {
                let outcome = "nothing to do";
                return Done::with(line(outcome).database(database.usage()), json!({ "outcome": outcome }));
            }
            Err(error) => return Done::failed(line("failed").database(database.usage()), error.to_string()),
        };
        let started = Instant::now();
        let made = self.make_and_publish(&database, &attempt, &work, &invocation, started).await;
        let outcome = match &made {
            Ok(_) => "completed",
            Err(Failure::Overtaken) => "overtaken",
            Err(_) => "failed",
        };
        let mut line = line(outcome)
            .with("type", work.contents.kind.as_str())
            .with("format", work.contents.format.as_str())
            .with("attempt", work.attempts);
        if let Ok(Some(document)) = &made {
            // With its fraction: a short document takes a few of them.
            line = line.with("pdf_ms", document.took.as_secs_f64() * 1_000.0);
        }
        match made {
            Ok(_) => line = line.count("ReportsCompleted", 1).milliseconds("ReportGeneration", started.elapsed()),
            Err(Failure::Overtaken) => {}
            Err(failure) => return end(&database, &attempt, &work, &failure, line).await,
        }
        Done::with(line.database(database.usage()), json!({ "outcome": outcome }))
    }

    /// Says what is known of a document, if it is one.
    async fn make_and_publish(
        &self,
        database: &Database,
        attempt: &Attempt,
        work: &Work,
        invocation: &Invocation,
        started: Instant,
    ) -> Result<Option<Document>, Failure> {
        for leftover in work.leftovers(attempt) {
            self.clean_up(&leftover).await;
        }
        let key = work.file_key(attempt);
        let until = invocation.deadline - RESERVE;
        let (made, document) = self.make(database, attempt, work, &key, until).await?;
        if work.is_mailed {
            // The message will be due: the tick has to look. Before the commit, or nothing is published.
            self.gate.keep_awake(invocation.now + started.elapsed()).await?;
        }
        // After an error the file may be published and stays: if it is not, whoever follows removes it.
        if attempt.publish(database, &key, &made).await? {
            return Ok(document);
        }
        // Nobody will ever read it.
        self.files.delete(&key).await?;
        Err(Failure::Overtaken)
    }

    /// Makes the file of this key. It is in the bucket whole, or not at all.
    async fn make(
        &self,
        database: &Database,
        attempt: &Attempt,
        work: &Work,
        key: &str,
        until: Instant,
    ) -> Result<(Made, Option<Document>), Failure> {
        let mut draft =
            Draft::new(self.files.begin(key.to_owned(), work.contents.format.content_type()), attempt, database);
        let read_until = until - TO_STORE;
        let reading = database.within(read_until.saturating_duration_since(Instant::now()));
        let task = Task::new(&reading, attempt.report_id(), work)?;
        let writing = async {
            let facts = match work.contents.kind {
                Kind::CallSummary => whole::write::<CallSummary>(&task, &mut draft).await?,
                Kind::QaPerformance => whole::write::<QaPerformance>(&task, &mut draft).await?,
                Kind::ComplianceAudit => compliance_audit::write(&task, &mut draft).await?,
                Kind::AgentCoaching => whole::write::<AgentCoaching>(&task, &mut draft).await?,
                Kind::CampaignPerformance => whole::write::<CampaignPerformance>(&task, &mut draft).await?,
                Kind::CdrExport => cdr_export::write(&task, &mut draft).await?,
            };
            let pages = facts.document.map(|document| document.pages);
            let made = Made { bytes: draft.finish().await?, pages, headlines: facts.headlines };
            Ok((made, facts.document))
        };
        let made = tokio::select! {
            made = tokio::time::timeout_at(until, writing) => made.unwrap_or(Err(Failure::TooLong)),
            () = lose(database, attempt) => Err(Failure::Overtaken),
        };
        if made.is_err() {
            draft.abort().await;
            // S3 may have put it together although its answer was lost.
            self.files.delete(key).await.ok();
        }
        match made {
            // One statement that took too long may be faster the next time; all of them together will not.
            Err(Failure::Database(Error::Timeout)) if Instant::now() >= read_until => Err(Failure::TooLong),
            made => made,
        }
    }

    /// Removes what an attempt that died may have left: a file that was not published, or parts of one.
    async fn clean_up(&self, leftover: &Leftover) {
        if let Some(upload_id) = &leftover.upload_id
            && let Err(error) = self.files.end_upload(&leftover.key, upload_id).await
        {
            tracing::warn!(%error, "an upload that was left stays");
        }
        if let Err(error) = self.files.delete(&leftover.key).await {
            tracing::warn!(%error, "a file that was left stays");
        }
    }
}

/// Renews the lease as long as it holds.
async fn lose(database: &Database, attempt: &Attempt) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        match attempt.renew(database).await {
            Ok(true) => {}
            Ok(false) => return,
            // It may hold still: publishing will tell.
            Err(error) => tracing::warn!(%error, report_id = attempt.report_id(), "the lease was not renewed"),
        }
    }
}

/// Says in the row what comes next, and to Lambda whether to deliver the event again.
async fn end(database: &Database, attempt: &Attempt, work: &Work, failure: &Failure, line: Line) -> Done {
    let is_last = work.attempts >= MAX_ATTEMPTS;
    let why = failure.final_word().or(is_last.then_some("It could not be made. Try again later."));
    let recorded = match why {
        Some(why) => attempt.fail(database, why).await,
        None => attempt.give_back(database).await,
    };
    let line = line.error(&failure.to_string()).database(database.usage());
    match (recorded, why) {
        (Err(error), _) => Done::failed(line, error.to_string()),
        (Ok(_), Some(_)) => Done::with(line.count("ReportsFailed", 1), json!({"outcome": "failed"})),
        (Ok(_), None) => Done::failed(line, failure.to_string()),
    }
}
