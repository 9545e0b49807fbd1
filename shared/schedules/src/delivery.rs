//! One message: begun before it is handed to SES, settled after.

use std::time::Duration;

use callmetry_database::{Database, Error, Params, Sql, sql};
use serde::Deserialize;
use uuid::Uuid;

use crate::Lease;

pub(crate) const BEGIN_DELIVERY: Sql = sql!("sql/begin_delivery.sql");
pub(crate) const SETTLE_DELIVERY: Sql = sql!("sql/settle_delivery.sql");

/// A message that is owed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// Whose it is, for the link that ends it.
    pub recipient_id: Uuid,
    /// To which address.
    pub recipient: String,
}

/// Whether a message is to be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is, now.
    Sending,
    /// Its recipient has unsubscribed, was taken off the list, or is suppressed, or its schedule was deleted. The log says so.
    Dropped,
    /// Somebody else decides about it: the lease has ended, or it was begun before.
    NotOurs,
}

/// How handing it over ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// SES has it, under this id.
    Sent(String),
    /// It was not sent and never will be. The text is for the log.
    Failed(String),
    /// It may have been sent, and is never sent again.
    Unknown(String),
    /// It was certainly not sent, and may be after a pause.
    Later(String, Duration),
}

/// One attempt to send a message.
#[derive(Clone, Copy, Debug)]
pub struct Send {
    delivery_id: Uuid,
    token: Uuid,
    lease: Lease,
}

impl Delivery {
    /// An attempt to send it, under a token of its own and the lease of its run.
    pub fn send(&self, lease: &Lease, token: Uuid) -> Send {
        Send { delivery_id: self.id, token, lease: *lease }
    }
}

impl Send {
    /// Marks the message as being sent, if the lease still holds. Nothing is handed to SES before this has said so.
    pub async fn begin(&self, database: &Database) -> Result<Begun, Error> {
        #[derive(Deserialize)]
        struct Row {
            status: String,
        }
        let params = self.params().uuid("lease_token", self.lease.token());
        let rows: Vec<Row> = database.write_keyed(BEGIN_DELIVERY, params).await?;
        Ok(match rows.first().map(|row| row.status.as_str()) {
            Some("sending") => Begun::Sending,
            Some(_) => Begun::Dropped,
            None => Begun::NotOurs,
        })
    }

    /// Says how it ended, after so many calls of SES.
    pub async fn settle(&self, database: &Database, ended: &Ended, attempts: i64) -> Result<(), Error> {
        let (status, message_id, error, pause) = match ended {
            Ended::Sent(id) => ("sent", Some(id.as_str()), None, None),
            Ended::Failed(why) => ("failed", None, Some(why.as_str()), None),
            Ended::Unknown(why) => ("unknown", None, Some(why.as_str()), None),
            Ended::Later(why, pause) => ("pending", None, Some(why.as_str()), Some(pause.as_secs() as i64)),
        };
        let params = self
            .params()
            .text("status", status)
            .integer("attempts", attempts)
            .text("message_id", message_id)
            .text("error", error)
            .integer("retry_secs", pause);
        #[derive(Deserialize)]
        struct Nothing {}
        // Which of the two changed the row does not matter: settling with the same token twice is the same.
        let _: Vec<Nothing> = database.write_keyed(SETTLE_DELIVERY, params).await?;
        Ok(())
    }

    fn params(&self) -> Params {
        self.lease.clock().params().uuid("id", self.delivery_id).uuid("send_token", self.token)
    }
}
