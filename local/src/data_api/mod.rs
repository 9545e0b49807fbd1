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

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::iam::{Caller, Iam};
use crate::postgres::Postgres;
use crate::secrets::Secrets;
use crate::serve::NoAnswer;
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
/// Ends the sessions of an application and waits until they have ended.
const TERMINATE: &str =
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1::text";

/// The stand-in.
pub struct DataApi {
    cluster_arn: String,
    secrets: Arc<Secrets>,
    iam: Arc<Iam>,
    sessions: Sessions,
    cluster: Mutex<Cluster>,
    calls: AtomicU64,
    /// Of every so many statements that were carried out the answer is lost; 0 is none.
    loses_every: AtomicU32,
    carried_out: AtomicU32,
}

/// How the cluster is. It pauses as with `MinCapacity: 0`.
#[derive(Clone, Copy, Debug)]
enum Cluster {
    Available,
    /// The first call wakes it, which takes this long.
    Paused(Duration),
    Resuming(Instant),
    FailingOver(Instant),
}

impl DataApi {
    /// Over the server on this port.
    pub fn new(cluster_arn: String, port: u16, secrets: Arc<Secrets>, iam: Arc<Iam>) -> Self {
        Self {
            cluster_arn,
            secrets,
            iam,
            sessions: Sessions::new(port),
            cluster: Mutex::new(Cluster::Available),
            calls: AtomicU64::new(0),
            loses_every: AtomicU32::new(0),
            carried_out: AtomicU32::new(0),
        }
    }

    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Calls so far, of all operations.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Lets the cluster fall asleep: the next call starts to wake it, which takes so long.
    pub fn pause(&self, waking_takes: Duration) {
        *self.cluster() = Cluster::Paused(waking_takes);
    }

    /// Loses the answer of every so many `Execute` calls that were carried out, counted from now: without a transaction the
    /// statement is committed, and the connection is closed without a byte of the answer. `None` loses no more.
    pub fn lose_answers(&self, every: Option<u32>) {
        self.carried_out.store(0, Ordering::Relaxed);
        self.loses_every.store(every.unwrap_or(0), Ordering::Relaxed);
    }

    /// Fails over as Aurora does: running statements are aborted, transactions and sessions are lost, and for so long no
    /// call finds a database.
    pub async fn fail_over(&self, server: &Postgres, lasts: Duration) -> anyhow::Result<()> {
        *self.cluster() = Cluster::FailingOver(Instant::now() + lasts);
        let admin = server.connect("postgres").await?;
        admin.execute(TERMINATE, &[&session::APPLICATION]).await?;
        self.sessions.forget();
        Ok(())
    }

    fn available(&self) -> Result<(), Fault> {
        let mut cluster = self.cluster();
        match *cluster {
            Cluster::Available => Ok(()),
            Cluster::Resuming(until) | Cluster::FailingOver(until) if Instant::now() >= until => {
                *cluster = Cluster::Available;
                Ok(())
            }
            Cluster::FailingOver(_) => Err(Fault::unavailable()),
            Cluster::Resuming(_) => Err(Fault::resuming()),
            Cluster::Paused(waking_takes) => {
                *cluster = Cluster::Resuming(Instant::now() + waking_takes);
                Err(Fault::resuming())
            }
        }
    }

    /// Answers one call. It goes on to its end or its time-out even if the caller goes away.
    pub async fn answer(self: Arc<Self>, path: String, caller: Caller, body: Bytes) -> Response {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let api = self.clone();
        let is_execute = path == "/Execute";
        let outcome = tokio::spawn(async move { api.run(&path, &caller, &body).await }).await;
        if is_execute && matches!(outcome, Ok(Ok(_))) && self.loses_answer() {
            return NoAnswer.into_response();
        }
        match outcome.unwrap_or_else(|_| Err(Fault::unavailable())) {
            Ok(answer) => ([("content-type", "application/json")], answer).into_response(),
            Err(fault) => fault.into_response(),
        }
    }

    /// Whether the answer of this statement, which was carried out, is one of those that are lost.
    fn loses_answer(&self) -> bool {
        let carried_out = self.carried_out.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        carried_out.is_multiple_of(self.loses_every.load(Ordering::Relaxed))
    }

    async fn run(&self, path: &str, caller: &Caller, body: &[u8]) -> Result<Bytes, Fault> {
        match path {
            "/Execute" => self.execute(caller, body).await,
            "/BatchExecute" => self.batch(caller, body).await,
            "/BeginTransaction" => self.begin(caller, body).await,
            "/CommitTransaction" => self.end(caller, body, true).await,
            _ => self.end(caller, body, false).await,
        }
    }

    async fn execute(&self, caller: &Caller, body: &[u8]) -> Result<Bytes, Fault> {
        let request: ExecuteRequest = parse(body)?;
        let credentials = self.admit(caller, "rds-data:ExecuteStatement", &request.target)?;
        let statement = self.statement(&request.sql)?;
        let parameters = value::bind(&statement, request.parameters.as_deref().unwrap_or_default())?;
        let lease = self.sessions.lease(&request.target, &credentials, request.transaction_id.as_deref()).await?;
        let outcome = result::run(&lease, &statement, &parameters, &request).await;
        lease.finish(outcome, request.continue_after_timeout).await
    }

    async fn batch(&self, caller: &Caller, body: &[u8]) -> Result<Bytes, Fault> {
        let request: BatchRequest = parse(body)?;
        let credentials = self.admit(caller, "rds-data:BatchExecuteStatement", &request.target)?;
        let statement = self.statement(&request.sql)?;
        let sets = request.parameter_sets.unwrap_or_default();
        let sets: Vec<_> = sets.iter().map(|set| value::bind(&statement, set)).collect::<Result<_, _>>()?;
        let lease = self.sessions.lease(&request.target, &credentials, request.transaction_id.as_deref()).await?;
        let outcome = result::run_batch(&lease, &statement, &sets).await;
        lease.finish(outcome, false).await
    }

    async fn begin(&self, caller: &Caller, body: &[u8]) -> Result<Bytes, Fault> {
        let request: TransactionRequest = parse(body)?;
        let credentials = self.admit(caller, "rds-data:BeginTransaction", &request.target)?;
        let id = self.sessions.begin(&request.target, &credentials).await?;
        Ok(json!({"transactionId": id}).to_string().into())
    }

    async fn end(&self, caller: &Caller, body: &[u8], commit: bool) -> Result<Bytes, Fault> {
        let request: TransactionRequest = parse(body)?;
        let action = if commit { "rds-data:CommitTransaction" } else { "rds-data:RollbackTransaction" };
        self.admit(caller, action, &request.target)?;
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

    /// The service reads the secret as its caller.
    fn admit(&self, caller: &Caller, action: &str, target: &Target) -> Result<crate::secrets::Credentials, Fault> {
        for (action, resource) in
            [(action, &target.resource_arn), ("secretsmanager:GetSecretValue", &target.secret_arn)]
        {
            self.iam
                .check(caller, action, resource, &[])
                .map_err(|denied| Fault::new(403, "AccessDeniedException", denied.to_string()))?;
        }
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
        self.available()?;
        Ok(credentials)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    if body.len() > LARGEST_REQUEST {
        return Err(Fault::new(413, "BadRequestException", "The request is larger than 4 MiB."));
    }
    serde_json::from_slice(body).map_err(|error| Fault::validation(&format!("malformed request: {error}")))
}
