//! What the tick does: takes digests and reports that are owed, makes the numbers of the digests, starts the reports, sends what is
//! there, and says what became of each. Then, with the time that is left, it folds what dialers touched.
//!
//! One turn is one invocation. It looks at the gate, takes work in small batches under a fresh lease each, and stops taking before
//! its time is up. Nothing outlives it: a process that is frozen afterwards must not wake up with a message in hand.
//!
//! `numbers.rs` computes the numbers of one tenant, report and window once a turn, `reports.rs` starts on-demand reports and writes
//! their letters, `sending.rs` hands one message over.
#![warn(missing_docs)]

mod numbers;
mod reports;
mod sending;
mod tally;

use std::time::Duration;

use aws_config::SdkConfig;
use callmetry_database::{Database, Error};
use callmetry_files::Files;
use callmetry_folds as folds;
use callmetry_gate::Gate;
use callmetry_links::Keys;
use callmetry_mail::Mailer;
pub use callmetry_mail::Sender;
use callmetry_ondemand::id as report_id;
use callmetry_schedules::{Clock, Lease, Run, Subject, Taken, find_due, find_next_due};
use callmetry_worker::Worker;
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use tokio::time::Instant;
use uuid::Uuid;

use numbers::Numbers;
use reports::Letters;
use sending::{Outbox, Parcel};
pub use tally::Tally;

/// Runs taken at once. With 50 recipients each their list is well under the megabyte that the database service returns.
const BATCH: usize = 25;
/// Schedules looked at for a batch, so that several turns at once find different ones.
const LOOKED_AT: i64 = 500;
/// Messages handed over side by side.
const LANES: usize = 8;
/// The same of messages with a file: each may have ten megabytes of it in hand.
const LANES_WITH_FILES: usize = 2;
/// Reports computed side by side.
const REPORTS_AT_ONCE: usize = 4;
/// How much longer a lease is than its holder's time.
const LEASE_MARGIN: Duration = Duration::from_secs(60);
/// The least time in which a batch is worth taking: its numbers, and a message.
const TO_BEGIN: Duration = Duration::from_secs(45);
/// What is left of a turn's time when the numbers have been made: for messages, and for ending the lease.
const AFTER_NUMBERS: Duration = Duration::from_secs(35);
/// What is left of it when folding ends: for the gate.
const AFTER_FOLDING: Duration = Duration::from_secs(10);
/// How often a turn may find that others have taken all that it looked at.
const MOST_IN_VAIN: u32 = 5;
/// And how long it waits after it did.
const AFTER_VAIN: Duration = Duration::from_millis(200);
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
    /// Who makes the files of on-demand reports.
    pub worker: Worker,
    /// Where these are.
    pub files: Files,
}

/// One turn.
pub struct Turn {
    /// The database, until `deadline`.
    pub database: Database,
    /// When to have ended.
    pub deadline: Instant,
    /// The function's own time, for the gate.
    pub now: DateTime<Utc>,
    /// The time for everything that is due.
    pub clock: Clock,
    /// Whether a gate that is shut is opened.
    pub force: bool,
    /// Makes ids and tokens.
    pub new_id: fn() -> Uuid,
}

/// Why a turn ended early. The text is for logs.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
    /// The gate could not be opened.
    #[error(transparent)]
    Gate(#[from] callmetry_gate::Error),
}

impl Digests {
    /// Does what is owed, as far as time allows, and says what was done, also where something failed on the way.
    pub async fn turn(&self, turn: &Turn) -> (Tally, Option<Failure>) {
        // Before the database is asked: shutting the gate counts on it.
        let mut reading = self.gate.read().await;
        if !reading.is_open(turn.now) {
            if !turn.force {
                return (Tally { is_asleep: true, ..Tally::default() }, None);
            }
            // What this turn leaves is the next ones' to do, which are not forced.
            if let Err(error) = self.gate.keep_awake(turn.now).await {
                return (Tally::default(), Some(error.into()));
            }
            reading = self.gate.read().await;
        }
        let mailer = Mailer::new(&self.config, self.sender.clone());
        let outbox = Outbox::new(turn, &mailer);
        let outcome = self.work(turn, &outbox).await;
        let mut tally = outbox.tally();
        if let Err(error) = outcome {
            return (tally, Some(error.into()));
        }
        // When nobody waits for it. What it does not come to keeps no report from being exact.
        let patience = turn.remaining().saturating_sub(AFTER_FOLDING);
        match folds::fold(&turn.database.within(patience), Instant::now() + patience).await {
            Ok(folded) => tally.folded = folded,
            Err(error) => tracing::error!(%error, "nothing was folded"),
        }
        if tally.folded.steps > 0 || tally.folded.is_unfinished {
            // A dialer writes, and so keeps the database awake by itself: the next turn looks again.
            return (tally, None);
        }
        match find_next_due(&turn.database).await {
            Ok(next_due) => tally.is_shut = self.gate.shut(&reading, turn.now, next_due).await,
            Err(error) => return (tally, Some(error.into())),
        }
        (tally, None)
    }

    /// Batch by batch.
    async fn work(&self, turn: &Turn, outbox: &Outbox<'_>) -> Result<(), Error> {
        match reports::start_overdue(turn, &self.worker).await {
            Ok((started, failed)) => outbox.resumed(started, failed),
            // It keeps no digest waiting.
            Err(error) => tracing::error!(%error, "reports were not started"),
        }
        let mut numbers = Numbers::default();
        let mut in_vain = 0;
        while turn.remaining() > TO_BEGIN && !outbox.is_held_back() && in_vain < MOST_IN_VAIN {
            let lease = Lease::new((turn.new_id)(), turn.remaining() + LEASE_MARGIN, turn.clock);
            let Some(taken) = take(turn, &lease).await? else { break };
            if !taken.ordered.is_empty() {
                reports::start(&self.worker, &taken.ordered).await;
            } else if taken.runs.is_empty() && taken.unreadable.is_empty() {
                // Others had all of it in hand.
                in_vain += 1;
                tokio::time::sleep(AFTER_VAIN).await;
                continue;
            }
            outbox.took(&taken);
            let mut stuck = self.send(turn, &lease, &taken.runs, &mut numbers, outbox).await;
            stuck.extend(taken.unreadable);
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
        let (owing, with_files): (Vec<&Run>, Vec<&Run>) = runs
            .iter()
            .filter(|run| !run.deliveries.is_empty())
            .partition(|run| matches!(run.subject, Subject::Digest(_)));
        let patience = turn.remaining().saturating_sub(AFTER_NUMBERS);
        numbers.compute(&turn.database.within(patience), &owing).await;
        let mut stuck = Vec::new();
        let mut parcels = Vec::new();
        for run in owing {
            match numbers.digest(run, &self.public_url) {
                Some(letter) => parcels.extend(run.deliveries.iter().map(|delivery| (run, delivery, letter.clone()))),
                None => stuck.push(run.id),
            }
        }
        stream::iter(parcels)
            .for_each_concurrent(LANES, |(run, delivery, letter)| {
                let parcel = Parcel { tenant: run.tenant, delivery, letter };
                outbox.deliver(lease, parcel, &self.keys, &self.public_url)
            })
            .await;
        stuck.extend(self.send_reports(turn, lease, &with_files, outbox).await);
        stuck
    }

    /// The same of runs that send a report: one after the other, so that few files are in memory.
    async fn send_reports(&self, turn: &Turn, lease: &Lease, runs: &[&Run], outbox: &Outbox<'_>) -> Vec<Uuid> {
        let files = match reports::files(turn, runs).await {
            Ok(files) => files,
            Err(error) => {
                tracing::error!(%error, "no reports to mail");
                return runs.iter().map(|run| run.id).collect();
            }
        };
        let letters = Letters { files: &self.files, keys: &self.keys, public_url: &self.public_url, now: turn.now };
        let mut stuck = Vec::new();
        for run in runs {
            let Subject::Report(report_id) = &run.subject else { continue };
            let letter = match files.get(report_id) {
                Some(file) => letters.letter(run, file).await.map_err(|error| error.to_string()),
                None => Err("it is not completed".to_owned()),
            };
            let letter = match letter {
                Ok(letter) => letter,
                Err(error) => {
                    tracing::error!(error, report_id, "a report cannot be mailed");
                    stuck.push(run.id);
                    continue;
                }
            };
            stream::iter(&run.deliveries)
                .for_each_concurrent(LANES_WITH_FILES, |delivery| {
                    let parcel = Parcel { tenant: run.tenant, delivery, letter: letter.clone() };
                    outbox.deliver(lease, parcel, &self.keys, &self.public_url)
                })
                .await;
        }
        stuck
    }
}

impl Turn {
    fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The next batch: what somebody left before what is new. None when there is nothing to take.
async fn take(turn: &Turn, lease: &Lease) -> Result<Option<Taken>, Error> {
    let left = lease.take_over(&turn.database, BATCH as i64).await?;
    if !left.runs.is_empty() || !left.unreadable.is_empty() {
        return Ok(Some(left));
    }
    let due = find_due(&turn.database, turn.clock, LOOKED_AT).await?;
    if due.is_empty() {
        return Ok(None);
    }
    lease.claim(&turn.database, due, BATCH, turn.new_id, report_id::new).await.map(Some)
}
