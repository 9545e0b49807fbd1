//! One turn: what is due is claimed and sent.

use callmetry_database::Database;
use callmetry_digests::{Digests, Turn};
use callmetry_host::{Invocation, metric};
use callmetry_schedules::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

/// What a turn needs.
pub struct Claim {
    /// The database, without a deadline.
    pub database: Database,
    /// Who sends.
    pub digests: Digests,
    /// Where metrics go.
    pub metrics_namespace: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    /// Whether a gate that is shut is opened.
    #[serde(default)]
    force: bool,
}

impl Claim {
    /// Answers one event with what was done.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| format!("the event: {error}"))?;
        let started = Instant::now();
        let database = self.database.until(invocation.deadline);
        #[allow(clippy::disallowed_methods, reason = "the ids and tokens of a turn are made here")]
        let new_id = Uuid::new_v4;
        let turn = Turn {
            database: database.clone(),
            deadline: invocation.deadline,
            now: invocation.now,
            clock: Clock::database(),
            force: event.force,
            new_id,
        };
        let (tally, error) = self.digests.turn(&turn).await;
        let outcome = match &error {
            Some(_) => "failed",
            None if tally.is_asleep => "asleep",
            None if tally.runs == 0 && tally.started == 0 => "nothing due",
            None => "done",
        };
        tracing::info!(
            outcome,
            error = error.as_ref().map(tracing::field::display),
            duration_ms = started.elapsed().as_millis() as u64,
            cold_start = invocation.cold_start,
            db_calls = database.usage().calls(),
            db_ms = database.usage().time().as_millis() as u64,
            request_id = invocation.request_id,
            started = tally.started,
            runs = tally.runs,
            sent = tally.sent,
            failed = tally.failed,
            unknown = tally.unknown,
            put_off = tally.put_off,
            is_shut = tally.is_shut,
        );
        if tally.held_back > 0 {
            metric::count(&self.metrics_namespace, invocation.now, "MailHeldBack", tally.held_back);
        }
        match error {
            Some(error) => Err(error.to_string()),
            None => Ok(
                json!({"outcome": outcome, "started": tally.started, "runs": tally.runs, "sent": tally.sent, "failed": tally.failed,
                "unknown": tally.unknown, "put_off": tally.put_off, "held_back": tally.held_back}),
            ),
        }
    }
}
