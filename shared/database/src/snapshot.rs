//! Reads of one moment.

use serde::de::DeserializeOwned;

use crate::{Database, Error, Params, Sql, Transaction};

const SNAPSHOT: Sql = crate::sql!("sql/begin_snapshot.sql");

/// Reads that all see the rows of one moment, one call at a time. While it lasts the database cleans nothing up behind it, and
/// the service ends it after 3 idle minutes: it is for what is read at once.
///
/// An error ends it. [`Error::Unavailable`] says that a new one may do better.
pub struct Snapshot(Transaction);

impl Database {
    /// Begins one.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let transaction = self.begin().await?;
        match transaction.run::<()>(SNAPSHOT, Params::new()).await {
            Ok(_) => Ok(Snapshot(transaction)),
            Err(error) => {
                transaction.rollback().await;
                Err(passing(error))
            }
        }
    }
}

impl Snapshot {
    /// Runs a read and decodes its rows.
    pub async fn read<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Vec<T>, Error> {
        self.0.run(sql, params).await.map_err(|error| if self.0.is_late() { Error::Timeout } else { passing(error) })
    }

    /// Ends it. Left out, the service does it in the end.
    pub async fn end(self) {
        self.0.rollback().await;
    }
}

fn passing(error: Error) -> Error {
    match error {
        // It only read, so nothing is uncertain; and a transaction is forgotten when its server is lost.
        Error::OutcomeUnknown(reason) => Error::Unavailable(reason),
        Error::Refused { code, message } if code == "TransactionNotFoundException" => Error::Unavailable(message),
        error => error,
    }
}
