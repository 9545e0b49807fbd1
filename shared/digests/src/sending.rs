//! Handing messages to SES: each is marked before, and settled after.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callmetry_access::TenantScope;
use callmetry_database::Error;
use callmetry_links::{Keys, Unsubscription};
use callmetry_mail::{Failure, Letter, Mailer, Message};
use callmetry_schedules::{Begun, Delivery, Ended, Lease, Taken};

use crate::{HELD_BACK, Tally, Turn};

/// A message is begun only with this much time left: SES has 10 seconds, and as many are left for what comes after it.
const TO_SEND: Duration = Duration::from_secs(20);
/// Marking a message takes at most this long.
const TO_MARK: Duration = Duration::from_secs(10);
/// Pauses before SES is asked again for what it certainly did not take, each of them up to half as long again, lest all that
/// were refused at once come back at once. Then the message waits for another turn.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1_600),
    Duration::from_millis(3_200),
];
/// How long a message waits for another turn.
const PUT_OFF: Duration = Duration::from_secs(60);

/// A message on its way.
pub(crate) struct Parcel<'a> {
    pub tenant: TenantScope,
    pub delivery: &'a Delivery,
    pub letter: Arc<Letter>,
}

/// Where messages go in one turn, and how many went.
pub(crate) struct Outbox<'a> {
    turn: &'a Turn,
    mailer: &'a Mailer,
    tally: Mutex<Tally>,
}

impl<'a> Outbox<'a> {
    pub fn new(turn: &'a Turn, mailer: &'a Mailer) -> Self {
        Self { turn, mailer, tally: Mutex::default() }
    }

    /// Whether SES takes nothing from this account, so that there is no use in trying on.
    pub fn is_held_back(&self) -> bool {
        self.tally().held_back > 0
    }

    /// What was done so far.
    pub fn tally(&self) -> Tally {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what was taken, with the messages that were given up by taking it.
    pub fn took(&self, taken: &Taken) {
        self.add(|tally| {
            tally.runs += taken.runs.len();
            tally.started += taken.ordered.len();
            tally.failed += taken.failed;
            tally.unknown += taken.unknown;
            tally.lag = tally.lag.max(taken.lag);
        });
    }

    /// Counts reports that were started again, and those that were given up.
    pub fn resumed(&self, started: usize, failed: usize) {
        self.add(|tally| {
            tally.started += started;
            tally.reports_failed += failed;
        });
    }

    fn add(&self, count: impl FnOnce(&mut Tally)) {
        count(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Delivers a message, unless time is short or SES takes no more; then it stays owed.
    pub async fn deliver(&self, lease: &Lease, parcel: Parcel<'_>, keys: &Keys, public_url: &str) {
        if self.is_held_back() || self.turn.remaining() < TO_SEND + TO_MARK {
            self.add(|tally| tally.put_off += 1);
            return;
        }
        let unsubscription = Unsubscription { tenant: parcel.tenant, recipient_id: parcel.delivery.recipient_id };
        let link = format!("{public_url}{}", keys.unsubscribe_link(&unsubscription));
        let mut message = parcel.letter.message(&parcel.delivery.recipient, &link);
        // By these the mail service says later which message it was.
        message.tags = vec![("tenant", parcel.tenant.to_string()), ("delivery", parcel.delivery.id.to_string())];
        if let Err(error) = self.hand_over(lease, parcel.delivery, &message).await {
            // What was begun and not settled is found when the lease ends.
            tracing::error!(%error, delivery_id = %parcel.delivery.id, "a message was not settled");
        }
    }

    async fn hand_over(&self, lease: &Lease, delivery: &Delivery, message: &Message) -> Result<(), Error> {
        let database = &self.turn.database;
        let token = (self.turn.new_id)();
        let send = delivery.send(lease, token);
        let (ended, calls) = match send.begin(&database.within(TO_MARK)).await {
            Ok(Begun::Sending) => self.send(message, token.as_bytes()).await,
            Ok(Begun::Dropped | Begun::NotOurs) => return Ok(()),
            Err(error) => {
                // It may be marked all the same. It was not sent.
                tracing::warn!(%error, delivery_id = %delivery.id, "a message was not marked");
                (Ended::Later("The database did not answer in time.".into(), Duration::ZERO), 0)
            }
        };
        self.count(&ended);
        send.settle(database, &ended, calls).await
    }

    /// Asks SES, and again after what it certainly did not take. Also says how often. `random` makes the pauses differ.
    async fn send(&self, message: &Message, random: &[u8]) -> (Ended, i64) {
        let mut calls = 0;
        let mut pauses = PAUSES.iter().zip(random);
        loop {
            if self.turn.remaining() < TO_SEND {
                return (
                    Ended::Later("It waits for the next turn: this one had no time left.".into(), Duration::ZERO),
                    calls,
                );
            }
            calls += 1;
            let why = match self.mailer.send(message).await {
                Ok(message_id) => return (Ended::Sent(message_id), calls),
                Err(Failure::Refused(why)) => return (Ended::Failed(why), calls),
                Err(Failure::Unknown(why)) => return (Ended::Unknown(why), calls),
                Err(Failure::Account(why)) => {
                    // Why is in the delivery log: it may name somebody.
                    tracing::error!("SES takes nothing from this account");
                    self.add(|tally| tally.held_back += 1);
                    return (Ended::Later(why, HELD_BACK), calls);
                }
                Err(Failure::NotSent(why)) => why,
            };
            match pauses.next() {
                Some((pause, random)) => tokio::time::sleep(*pause + *pause * u32::from(*random) / 512).await,
                None => return (Ended::Later(why, PUT_OFF), calls),
            }
        }
    }

    fn count(&self, ended: &Ended) {
        self.add(|tally| match ended {
            Ended::Sent(_) => tally.sent += 1,
            Ended::Failed(_) => tally.failed += 1,
            Ended::Unknown(_) => tally.unknown += 1,
            Ended::Later(..) => tally.put_off += 1,
        });
    }
}
