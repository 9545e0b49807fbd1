//! One turn: what is due is claimed and sent, and what dialers touched is folded.

use callmetry_database::Database;
use callmetry_digests::{Digests, Tally, Turn};
use callmetry_host::{Done, Invocation, Line};
use callmetry_schedules::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// What a turn needs.
pub struct Claim {
    /// The database, without a deadline.
    pub database: Database,
    /// Who sends.
    pub digests: Digests,
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
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let event: Event = match serde_json::from_value(event) {
            Ok(event) => event,
            Err(error) => return Done::failed(Line::new("refused"), format!("the event: {error}")),
        };
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
        let line = line(outcome, &tally).database(database.usage());
        match error {
            Some(error) => Done::failed(line, error.to_string()),
            None => Done::with(
                line.count("TurnsCompleted", 1),
                json!({"outcome": outcome, "started": tally.started, "runs": tally.runs, "sent": tally.sent, "failed": tally.failed,
                "unknown": tally.unknown, "put_off": tally.put_off, "held_back": tally.held_back, "folded": tally.folded.steps}),
            ),
        }
    }
}

/// What a turn did. A turn that was asleep has done nothing, and has nothing to measure.
fn line(outcome: &str, tally: &Tally) -> Line {
    let line = Line::new(outcome)
        .with("started", tally.started)
        .with("runs", tally.runs)
        .with("sent", tally.sent)
        .with("failed", tally.failed)
        .with("unknown", tally.unknown)
        .with("put_off", tally.put_off)
        .with("folded", tally.folded.steps)
        .with("is_shut", tally.is_shut);
    if tally.is_asleep {
        return line;
    }
    line.count("DigestsSent", tally.sent)
        .count("DigestsFailed", tally.failed)
        .count("DigestsUnknown", tally.unknown)
        .count("MailHeldBack", tally.held_back)
        .count("ReportsFailed", tally.reports_failed)
        .count("FoldStepsFailed", tally.folded.failed)
        .seconds("ClaimLag", tally.lag.as_secs() as i64)
}
