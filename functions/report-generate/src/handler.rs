//! Takes a report, makes its file, publishes it.

use std::time::Duration;

use callmetry_database::Database;
use callmetry_files::Files;
use callmetry_host::Invocation;
use callmetry_metrics::Window;
use callmetry_ondemand::{Attempt, Kind, MAX_ATTEMPTS, Work};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::cdr_export;

/// What making a file needs.
pub struct Generator {
    /// The database, without a deadline.
    pub database: Database,
    /// Where files go.
    pub files: Files,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    report_id: String,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The time was up. Another attempt would not be faster.
    #[error("the time was up")]
    TooLong,
    /// The database.
    #[error(transparent)]
    Database(#[from] callmetry_database::Error),
    /// S3.
    #[error(transparent)]
    Files(#[from] callmetry_files::Error),
    /// As many attempts as there are have died without a word.
    #[error("too many attempts")]
    Hopeless,
}

/// How an attempt ended.
enum Outcome {
    Completed,
    /// The lease had ended before the file was there; somebody else works on it.
    Overtaken,
}

/// Kept back of the function's time, to clean up in.
const RESERVE: Duration = Duration::from_secs(20);
/// What is left of the time for a file when the last row has been read.
const TO_STORE: Duration = Duration::from_secs(10);
/// What a lease is longer than its holder can live.
const MARGIN: Duration = Duration::from_secs(60);

impl Generator {
    /// Answers one event. An error makes Lambda deliver it again.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| format!("the event: {error}"))?;
        let database = self.database.until(invocation.deadline);
        let lease = invocation.deadline.saturating_duration_since(Instant::now()) + MARGIN;
        #[allow(clippy::disallowed_methods, reason = "a lease's token is made once an invocation")]
        let token = Uuid::new_v4();
        let claimed = Attempt::claim(&database, &event.report_id, token, lease).await;
        let Some((attempt, work)) = claimed.map_err(|error| error.to_string())? else {
            tracing::info!(outcome = "nothing to do", report_id = event.report_id);
            return Ok(json!({"outcome": "nothing to do"}));
        };
        let started = Instant::now();
        let made = self.make(&database, &attempt, &work, invocation.deadline - RESERVE).await;
        let outcome = match &made {
            Ok(Outcome::Completed) => "completed",
            Ok(Outcome::Overtaken) => "overtaken",
            Err(_) => "failed",
        };
        tracing::info!(
            outcome,
            report_id = event.report_id,
            attempt = work.attempts,
            duration_ms = started.elapsed().as_millis() as u64,
            db_calls = database.usage().calls(),
            db_ms = database.usage().time().as_millis() as u64,
            request_id = invocation.request_id,
        );
        match made {
            Ok(_) => Ok(json!({ "outcome": outcome })),
            Err(failure) => self.end(&database, &attempt, &work, &failure).await,
        }
    }

    async fn make(
        &self,
        database: &Database,
        attempt: &Attempt,
        work: &Work,
        until: Instant,
    ) -> Result<Outcome, Failure> {
        if work.attempts > MAX_ATTEMPTS {
            return Err(Failure::Hopeless);
        }
        let key = work.file_key(attempt);
        let window = Window::new(work.contents.from, work.contents.to)
            .map_err(|error| callmetry_database::Error::Decode(format!("a report's window: {error}")))?;
        let Kind::CdrExport = work.contents.kind;
        // A database that does not answer is told apart from one that answers for too long.
        let reading = database.within((until - TO_STORE).saturating_duration_since(Instant::now()));
        let making = cdr_export::write(&reading, &self.files, work, window, &key);
        let bytes = tokio::time::timeout_at(until, making).await.unwrap_or(Err(Failure::TooLong))?;
        // After an error the file may be published and stays: if it is not, the bucket's lifecycle removes it.
        if attempt.publish(database, &key, bytes).await? {
            return Ok(Outcome::Completed);
        }
        // Nobody will ever read it.
        self.files.delete(&key).await?;
        Ok(Outcome::Overtaken)
    }

    /// Says in the row what comes next, and to Lambda whether to deliver the event again.
    async fn end(
        &self,
        database: &Database,
        attempt: &Attempt,
        work: &Work,
        failure: &Failure,
    ) -> Result<Value, String> {
        tracing::error!(%failure, attempt = work.attempts, report_id = attempt.report_id(), "no file");
        let why = match failure {
            Failure::TooLong | Failure::Database(callmetry_database::Error::Timeout) => {
                Some("It took too long. Choose a shorter window or a narrower filter.")
            }
            _ if work.attempts >= MAX_ATTEMPTS => Some("It could not be made. Try again later."),
            _ => None,
        };
        let recorded = match why {
            Some(why) => attempt.fail(database, why).await,
            None => attempt.give_back(database).await,
        };
        recorded.map_err(|error| error.to_string())?;
        if why.is_some() { Ok(json!({"outcome": "failed"})) } else { Err(failure.to_string()) }
    }
}
