//! The RDS Data API in front of the embedded PostgreSQL: the protocol, typing, limits and errors of the real service.
//!
//! Sources: the Data API's reference and its "limitations" and "troubleshooting" pages. Where those are silent, the
//! messages that users of the service report.

mod fault;
mod request;
mod result;
mod session;
mod sql;
mod value;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::secrets::Secrets;
pub use fault::Fault;
pub use request::Parameter;
use request::{BatchRequest, ExecuteRequest, Target, TransactionRequest};
use session::Sessions;
pub use sql::{Statement, parse as parse_statement};
pub use value::{Bound, bind};

/// 4 MiB of request.
const LARGEST_REQUEST: usize = 4 << 20;
/// Characters of SQL.
const LONGEST_SQL: usize = 65_536;

/// The stand-in.
pub struct DataApi {
    cluster_arn: String,
    secrets: Arc<Secrets>,
    sessions: Sessions,
    pause: Mutex<Pause>,
}

/// Whether the cluster is paused, as with `MinCapacity: 0`.
#[derive(Clone, Copy, Debug)]
enum Pause {
    Awake,
    /// The first call wakes it, which takes this long.
    Paused(Duration),
    Resuming(Instant),
}

impl DataApi {
    /// Over the server on this port.
    pub fn new(cluster_arn: String, port: u16, secrets: Arc<Secrets>) -> Self {
        Self { cluster_arn, secrets, sessions: Sessions::new(port), pause: Mutex::new(Pause::Awake) }
    }

    /// Lets the cluster fall asleep: the next call starts to wake it, which takes so long.
    pub fn pause(&self, waking_takes: Duration) {
        *self.pause.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Pause::Paused(waking_takes);
    }

    fn awake(&self) -> Result<(), Fault> {
        let mut pause = self.pause.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match *pause {
            Pause::Awake => Ok(()),
            Pause::Resuming(until) if Instant::now() >= until => {
                *pause = Pause::Awake;
                Ok(())
            }
            Pause::Resuming(_) => Err(Fault::resuming()),
            Pause::Paused(waking_takes) => {
                *pause = Pause::Resuming(Instant::now() + waking_takes);
                Err(Fault::resuming())
            }
        }
    }

    /// Answers one call. It goes on to its end or its time-out even if the caller goes away.
    pub async fn answer(self: Arc<Self>, path: String, body: Bytes) -> Response {
        let outcome = tokio::spawn(async move { self.run(&path, &body).await }).await;
        match outcome.unwrap_or_else(|_| Err(Fault::unavailable())) {
            Ok(answer) => ([("content-type", "application/json")], answer).into_response(),
            Err(fault) => fault.into_response(),
        }
    }

    async fn run(&self, path: &str, body: &[u8]) -> Result<Bytes, Fault> {
        match path {
            "/Execute" => self.execute(body).await,
            "/BatchExecute" => self.batch(body).await,
            "/BeginTransaction" => self.begin(body).await,
            "/CommitTransaction" => self.end(body, true).await,
            _ => self.end(body, false).await,
        }
    }

    async fn execute(&self, body: &[u8]) -> Result<Bytes, Fault> {
        let request: ExecuteRequest = parse(body)?;
        let credentials = self.admit(&request.target)?;
        let statement = self.statement(&request.sql)?;
        let parameters = value::bind(&statement, request.parameters.as_deref().unwrap_or_default())?;
        let lease = self.sessions.lease(&request.target, &credentials, request.transaction_id.as_deref()).await?;
        let outcome = result::run(&lease, &statement, &parameters, &request).await;
        lease.finish(outcome, request.continue_after_timeout).await
    }

    async fn batch(&self, body: &[u8]) -> Result<Bytes, Fault> {
        let request: BatchRequest = parse(body)?;
        let credentials = self.admit(&request.target)?;
        let statement = self.statement(&request.sql)?;
        let sets = request.parameter_sets.unwrap_or_default();
        let sets: Vec<_> = sets.iter().map(|set| value::bind(&statement, set)).collect::<Result<_, _>>()?;
        let lease = self.sessions.lease(&request.target, &credentials, request.transaction_id.as_deref()).await?;
        let outcome = result::run_batch(&lease, &statement, &sets).await;
        lease.finish(outcome, false).await
    }

    async fn begin(&self, body: &[u8]) -> Result<Bytes, Fault> {
        let request: TransactionRequest = parse(body)?;
        let credentials = self.admit(&request.target)?;
        let id = self.sessions.begin(&request.target, &credentials).await?;
        Ok(json!({"transactionId": id}).to_string().into())
    }

    async fn end(&self, body: &[u8], commit: bool) -> Result<Bytes, Fault> {
        let request: TransactionRequest = parse(body)?;
        self.admit(&request.target)?;
        let id = request.transaction_id.ok_or_else(|| Fault::validation("Transaction ID is missing."))?;
        self.sessions.end(&id, commit).await?;
        Ok(json!({"transactionStatus": if commit { "Transaction Committed" } else { "Rollback Complete" }})
            .to_string()
            .into())
    }

    fn statement(&self, text: &str) -> Result<sql::Statement, Fault> {
        if text.chars().count() > LONGEST_SQL {
            return Err(Fault::validation("SQL is longer than 65536 characters."));
        }
        sql::parse(text)
    }

    fn admit(&self, target: &Target) -> Result<crate::secrets::Credentials, Fault> {
        if target.resource_arn != self.cluster_arn {
            return Err(Fault::new(
                400,
                "BadRequestException",
                "HttpEndpoint is not enabled for resource or the resource does not exist.",
            ));
        }
        if target.schema.is_some() {
            return Err(Fault::validation("Schema parameter is not supported for Aurora PostgreSQL."));
        }
        let credentials = self.secrets.credentials(&target.secret_arn);
        let credentials = credentials.ok_or_else(|| {
            Fault::new(400, "BadRequestException", "The secret does not exist or has no username and password.")
        })?;
        self.awake()?;
        Ok(credentials)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    if body.len() > LARGEST_REQUEST {
        return Err(Fault::new(413, "BadRequestException", "The request is larger than 4 MiB."));
    }
    serde_json::from_slice(body).map_err(|error| Fault::validation(&format!("malformed request: {error}")))
}
