//! Several statements as one. One call at a time; an error ends it.

use serde::de::DeserializeOwned;

use crate::client::Effect;
use crate::{Database, Error, Params, Sql, row};

/// A transaction of the Data API. Dropped without [`commit`](Self::commit), the service rolls it back after 3 idle minutes;
/// call [`rollback`](Self::rollback) to free its locks at once.
pub struct Transaction {
    database: Database,
    id: String,
}

impl Transaction {
    pub(crate) fn new(database: Database, id: String) -> Self {
        Self { database, id }
    }

    /// Runs one statement of it and decodes its rows. Never repeated: an error has ended the transaction.
    pub async fn run<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Vec<T>, Error> {
        let output = self.database.execute(sql.text(), params, Effect::Once, Some(&self.id)).await?;
        row::decode(output)
    }

    /// Runs one statement of a migration, for its effect.
    pub(crate) async fn run_text(&self, sql: &str) -> Result<(), Error> {
        self.database.execute(sql.to_owned(), Params::new(), Effect::Once, Some(&self.id)).await.map(drop)
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_late(&self) -> bool {
        self.database.is_late()
    }

    /// Commits. [`Error::OutcomeUnknown`] means that it may have been committed.
    pub async fn commit(self) -> Result<(), Error> {
        let Self { database, id } = &self;
        database
            .repeat(Effect::Once, || {
                database
                    .client
                    .commit_transaction()
                    .resource_arn(&database.settings.cluster_arn)
                    .secret_arn(&database.settings.secret_arn)
                    .transaction_id(id)
                    .send()
            })
            .await
            .map(drop)
    }

    /// Rolls back; a failure is of no interest, since the service does it by itself in the end.
    pub async fn rollback(self) {
        let Self { database, id } = &self;
        let outcome = database
            .repeat(Effect::Once, || {
                database
                    .client
                    .rollback_transaction()
                    .resource_arn(&database.settings.cluster_arn)
                    .secret_arn(&database.settings.secret_arn)
                    .transaction_id(id)
                    .send()
            })
            .await;
        if let Err(error) = outcome {
            tracing::debug!(%error, "a rollback was left to the service");
        }
    }
}
