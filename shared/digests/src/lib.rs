//! What the tick does: takes digests that are owed, makes their numbers, sends them, and says what became of each.
//!
//! One turn is one invocation. It looks at the gate, takes work in small batches under a fresh lease each, and stops taking before
//! its time is up. Nothing outlives it: a process that is frozen afterwards must not wake up with a message in hand.
//!
//! `numbers.rs` computes the numbers of one tenant, report and window once a turn, `sending.rs` hands one message over.
#![warn(missing_docs)]

mod numbers;
mod sending;
mod tally;

use std::time::Duration;

use aws_config::SdkConfig;
use callmetry_database::{Database, Error};
use callmetry_gate::Gate;
use callmetry_links::Keys;
use callmetry_mail::Mailer;
pub use callmetry_mail::Sender;
use callmetry_schedules::{Clock, Lease, Run, find_due, find_next_due};
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use tokio::time::Instant;
use uuid::Uuid;

use numbers::Numbers;
use sending::{Outbox, Parcel};
pub use tally::Tally;

/// Runs taken at once. With 50 recipients each their list is well under the megabyte that the database service returns.
const BATCH: usize = 25;
/// Schedules looked at for a batch, so that several turns at once find different ones.
const LOOKED_AT: i64 = 500;
/// Messages handed over side by side.
const LANES: usize = 8;
/// Reports computed side by side.
const REPORTS_AT_ONCE: usize = 4;
/// How much longer a lease is than its holder's time.
const LEASE_MARGIN: Duration = Duration::from_secs(60);
/// The least time in which a batch is worth taking: its numbers, and a message.
const TO_BEGIN: Duration = Duration::from_secs(35);
/// How long what SES refuses to this account rests.
const HELD_BACK: Duration = Duration::from_secs(15 * 60);

/// What sending digests needs.
pub struct Digests {
    /// Region, credentials and endpoints, for a connection to SES that is new in every turn.
    pub config: SdkConfig,
    /// From whom they come.
    pub sender: Sender,
    /// The keys that links are signed with.
    pub keys: Keys,
    /// Where the deployment is reached, without a slash at its end.
    pub public_url: String,
    /// The gate before the database.
    pub gate: Gate,
}

/// One turn.
#[derive(Clone)]
pub struct Turn {
    /// The database, until `deadline`.
    pub database: Database,
    /// When to have ended.
    pub deadline: Instant,
    /// The function's own time, for the gate.
    pub now: DateTime<Utc>,
    /// The time for everything that is due.
    pub clock: Clock,
    /// Whether the gate is passed by.
    pub force: bool,
    /// Makes ids and tokens.
    pub new_id: fn() -> Uuid,
}

impl Digests {
    /// Does what is owed, as far as time allows, and says what was done, also where something failed on the way.
    pub async fn turn(&self, turn: &Turn) -> (Tally, Option<Error>) {
        // Before the database is asked: shutting the gate counts on it.
        let reading = self.gate.read().await;
        if !turn.force && !reading.is_open(turn.now) {
            return (Tally { is_asleep: true, ..Tally::default() }, None);
        }
        let mailer = Mailer::new(&self.config, self.sender.clone());
        let outbox = Outbox::new(turn, &mailer);
        let outcome = self.work(turn, &outbox).await;
        let mut tally = outbox.tally();
        if let Err(error) = outcome {
            return (tally, Some(error));
        }
        match find_next_due(&turn.database).await {
            Ok(next_due) => tally.is_shut = self.gate.shut(&reading, turn.now, next_due).await,
            Err(error) => return (tally, Some(error)),
        }
        (tally, None)
    }

    /// Batch by batch.
    async fn work(&self, turn: &Turn, outbox: &Outbox<'_>) -> Result<(), Error> {
        let mut numbers = Numbers::default();
        while turn.remaining() > TO_BEGIN && !outbox.is_held_back() {
            let lease = Lease::new((turn.new_id)(), turn.remaining() + LEASE_MARGIN, turn.clock);
            let Some(runs) = take(turn, &lease).await? else { break };
            outbox.took(runs.len());
            let stuck = self.send(turn, &lease, &runs, &mut numbers, outbox).await;
            let pause = if outbox.is_held_back() { HELD_BACK } else { Duration::ZERO };
            lease.finish(&turn.database, pause, &stuck).await?;
        }
        Ok(())
    }

    /// Sends what a batch owes. Returns the runs whose numbers could not be had.
    async fn send(
        &self,
        turn: &Turn,
        lease: &Lease,
        runs: &[Run],
        numbers: &mut Numbers,
        outbox: &Outbox<'_>,
    ) -> Vec<Uuid> {
        let owing: Vec<&Run> = runs.iter().filter(|run| !run.deliveries.is_empty()).collect();
        numbers.compute(&turn.database, &owing).await;
        let mut stuck = Vec::new();
        let mut parcels = Vec::new();
        for run in owing {
            match numbers.digest(run, &self.public_url) {
                Some(digest) => parcels.extend(run.deliveries.iter().map(|delivery| (run, delivery, digest.clone()))),
                None => stuck.push(run.id),
            }
        }
        stream::iter(parcels)
            .for_each_concurrent(LANES, |(run, delivery, digest)| {
                let parcel = Parcel { tenant: run.tenant, delivery, digest };
                outbox.deliver(lease, parcel, &self.keys, &self.public_url)
            })
            .await;
        stuck
    }
}

impl Turn {
    fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The next batch: what somebody left before what is new. None when there is nothing to take.
async fn take(turn: &Turn, lease: &Lease) -> Result<Option<Vec<Run>>, Error> {
    let left = lease.take_over(&turn.database, BATCH as i64).await?;
    if !left.is_empty() {
        return Ok(Some(left));
    }
    let due = find_due(&turn.database, turn.clock, LOOKED_AT).await?;
    if due.is_empty() {
        return Ok(None);
    }
    lease.claim(&turn.database, due, BATCH, turn.new_id).await.map(Some)
}
