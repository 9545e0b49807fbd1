//! Takes a report, makes its file, publishes it.

use std::time::Duration;

use callmetry_database::Database;
use callmetry_files::Files;
use callmetry_gate::Gate;
use callmetry_host::Invocation;
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
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| format!("the event: {error}"))?;
        let database = self.database.until(invocation.deadline);
        #[allow(clippy::disallowed_methods, reason = "a lease's token is made once an invocation")]
        let token = Uuid::new_v4();
        let claimed = Attempt::claim(&database, &event.report_id, token).await.map_err(|error| error.to_string())?;
        let Some((attempt, work)) = claimed else {
            tracing::info!(outcome = "nothing to do", report_id = event.report_id);
            return Ok(json!({"outcome": "nothing to do"}));
        };
        let started = Instant::now();
        let made = self.make_and_publish(&database, &attempt, &work, &invocation, started).await;
        let outcome = match &made {
            Ok(_) => "completed",
            Err(Failure::Overtaken) => "overtaken",
            Err(_) => "failed",
        };
        tracing::info!(
            outcome,
            report_id = event.report_id,
            r#type = work.contents.kind.as_str(),
            format = work.contents.format.as_str(),
            attempt = work.attempts,
            duration_ms = started.elapsed().as_millis() as u64,
            db_calls = database.usage().calls(),
            db_ms = database.usage().time().as_millis() as u64,
            // With its fraction: a short document takes a few of them.
            pdf_ms = made.as_ref().ok().and_then(|document| Some(document.as_ref()?.took.as_secs_f64() * 1_000.0)),
            request_id = invocation.request_id,
        );
        match made {
            Ok(_) | Err(Failure::Overtaken) => Ok(json!({ "outcome": outcome })),
            Err(failure) => end(&database, &attempt, &work, &failure).await,
        }
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
        if let Some(leftover) = work.leftover(attempt) {
            self.clean_up(&leftover).await;
        }
        let key = work.file_key(attempt);
        let until = invocation.deadline - RESERVE;
        let (made, document) = tokio::select! {
            made = self.make(database, attempt, work, &key, until) => made?,
            () = lose(database, attempt) => return Err(Failure::Overtaken),
        };
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
        // A database that does not answer is told apart from one that answers for too long.
        let reading = database.within((until - TO_STORE).saturating_duration_since(Instant::now()));
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
        let made = tokio::time::timeout_at(until, writing).await.unwrap_or(Err(Failure::TooLong));
        if made.is_err() {
            draft.abort().await;
        }
        made
    }

    /// Removes what an attempt that died may have left: a file that was not published, or parts of one.
    async fn clean_up(&self, leftover: &Leftover) {
        if let Some(upload_id) = &leftover.upload_id {
            if let Err(error) = self.files.end_upload(&leftover.key, upload_id).await {
                tracing::warn!(%error, "an upload that was left stays");
            }
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
async fn end(database: &Database, attempt: &Attempt, work: &Work, failure: &Failure) -> Result<Value, String> {
    tracing::error!(%failure, attempt = work.attempts, report_id = attempt.report_id(), "no file");
    let is_last = work.attempts >= MAX_ATTEMPTS;
    let why = failure.final_word().or(is_last.then_some("It could not be made. Try again later."));
    let recorded = match why {
        Some(why) => attempt.fail(database, why).await,
        None => attempt.give_back(database).await,
    };
    recorded.map_err(|error| error.to_string())?;
    if why.is_some() { Ok(json!({"outcome": "failed"})) } else { Err(failure.to_string()) }
}
