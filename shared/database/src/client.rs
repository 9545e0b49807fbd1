//! The client: one call, its retries and its deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_rdsdata::Client;
use aws_sdk_rdsdata::config::http::HttpResponse;
use aws_sdk_rdsdata::config::retry::RetryConfig;
use aws_sdk_rdsdata::operation::execute_statement::ExecuteStatementOutput;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::retry::{Failure, classify, pause};
use crate::{Error, Params, Sql, Transaction, row};

/// Where the database is and who reads it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// ARN of the Aurora cluster.
    pub cluster_arn: String,
    /// ARN of the secret with user name and password.
    pub secret_arn: String,
    /// Name of the database.
    pub database: String,
}

/// What an invocation asked of the database.
#[derive(Debug, Default)]
pub struct Usage {
    calls: AtomicU64,
    micros: AtomicU64,
    errors: AtomicU64,
}

impl Usage {
    /// Calls of the Data API, retries included.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Time spent in them. Calls side by side count each.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }

    /// What ended with an error, also after repetitions.
    pub fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    fn add(&self, elapsed: Duration) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(elapsed.as_micros() as u64, Ordering::Relaxed);
    }
}

/// A client of one database, cheap to clone.
#[derive(Clone)]
pub struct Database {
    pub(crate) client: Client,
    pub(crate) settings: Arc<Settings>,
    deadline: Option<Instant>,
    usage: Arc<Usage>,
}

/// Without a deadline a call is given this long, which is more than the service's own 45 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Twice is as good as once.
    Repeatable,
    /// Twice would be wrong.
    Once,
}

impl Database {
    /// A client that takes Region, credentials and endpoint from the environment as every AWS SDK does.
    pub async fn connect(settings: Settings) -> Self {
        Self::new(&aws_config::load_defaults(BehaviorVersion::latest()).await, settings)
    }

    /// A client with this configuration; the SDK's own retries are off, since they would repeat writes.
    pub fn new(config: &SdkConfig, settings: Settings) -> Self {
        let config = aws_sdk_rdsdata::config::Builder::from(config).retry_config(RetryConfig::disabled()).build();
        Self { client: Client::from_conf(config), settings: Arc::new(settings), deadline: None, usage: Arc::default() }
    }

    /// The same client for one invocation: it gives up at the deadline and counts its own usage.
    pub fn until(&self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), usage: Arc::default(), ..self.clone() }
    }

    /// The same client with an earlier deadline and the same usage.
    pub fn within(&self, limit: Duration) -> Self {
        let limit = Instant::now() + limit;
        Self { deadline: Some(self.deadline.map_or(limit, |deadline| deadline.min(limit))), ..self.clone() }
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// What was asked of the database so far.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Runs a read and decodes its rows. Repeated until the deadline after any failure that may pass.
    pub async fn read<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Vec<T>, Error> {
        let output = self.execute(sql.text(), params, Effect::Repeatable, None).await?;
        row::decode(output)
    }

    /// Runs a read that returns at most one row.
    pub async fn read_optional<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Option<T>, Error> {
        Ok(self.read(sql, params).await?.pop())
    }

    /// Runs a write and decodes its `returning` rows. Repeated only after a failure that certainly did nothing;
    /// [`Error::OutcomeUnknown`] means that it may have been applied.
    pub async fn write<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Vec<T>, Error> {
        let output = self.execute(sql.text(), params, Effect::Once, None).await?;
        row::decode(output)
    }

    /// Runs a write that carries its caller's token, so that a repetition does no more and gives the same answer. Repeated
    /// as a read is, also after an answer that was lost.
    pub async fn write_keyed<T: DeserializeOwned>(&self, sql: Sql, params: Params) -> Result<Vec<T>, Error> {
        self.read(sql, params).await
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        // A transaction that was begun and whose answer was lost is rolled back by the service after 3 idle minutes.
        let output = self
            .repeat(Effect::Repeatable, || {
                self.client
                    .begin_transaction()
                    .resource_arn(&self.settings.cluster_arn)
                    .secret_arn(&self.settings.secret_arn)
                    .database(&self.settings.database)
                    .send()
            })
            .await?;
        let id = output.transaction_id.ok_or_else(|| Error::Decode("a transaction without an id".into()))?;
        Ok(Transaction::new(self.clone(), id))
    }

    pub(crate) async fn execute(
        &self,
        sql: String,
        params: Params,
        effect: Effect,
        transaction: Option<&str>,
    ) -> Result<ExecuteStatementOutput, Error> {
        let params = params.into_inner();
        self.repeat(effect, || {
            self.client
                .execute_statement()
                .resource_arn(&self.settings.cluster_arn)
                .secret_arn(&self.settings.secret_arn)
                .database(&self.settings.database)
                .include_result_metadata(true)
                .set_transaction_id(transaction.map(str::to_owned))
                .sql(&sql)
                .set_parameters(Some(params.clone()))
                .send()
        })
        .await
    }

    /// Runs a call, and again after failures that allow it, until the deadline.
    pub(crate) async fn repeat<F, T, E>(&self, effect: Effect, call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, aws_sdk_rdsdata::error::SdkError<E, HttpResponse>>>,
        E: aws_sdk_rdsdata::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let outcome = self.attempt(effect, call).await;
        if outcome.is_err() {
            self.usage.errors.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    async fn attempt<F, T, E>(&self, effect: Effect, mut call: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, aws_sdk_rdsdata::error::SdkError<E, HttpResponse>>>,
        E: aws_sdk_rdsdata::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let deadline = self.deadline.unwrap_or_else(|| Instant::now() + PATIENCE);
        for attempt in 0.. {
            let started = Instant::now();
            let outcome = tokio::time::timeout_at(deadline, call()).await;
            self.usage.add(started.elapsed());
            let error = match outcome {
                Ok(Ok(output)) => return Ok(output),
                Ok(Err(error)) => match (classify(error), effect) {
                    (Failure::NotExecuted(error), _) | (Failure::Uncertain(error), Effect::Repeatable) => error,
                    (Failure::Uncertain(error), Effect::Once) => return Err(Error::OutcomeUnknown(error.to_string())),
                    (Failure::Final(error), _) => return Err(error),
                },
                Err(_) if effect == Effect::Once => return Err(Error::OutcomeUnknown("the time was up".into())),
                Err(_) => return Err(Error::Timeout),
            };
            let pause = pause(attempt);
            if Instant::now() + pause >= deadline {
                return Err(error);
            }
            tracing::debug!(attempt, %error, "repeating a call of the Data API");
            tokio::time::sleep(pause).await;
        }
        unreachable!("attempts do not run out")
    }
}
