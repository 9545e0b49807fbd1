//! Connections and transactions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{Client, NoTls};

use super::Fault;
use super::request::Target;
use super::result::TIME_OUT;
use crate::secrets::Credentials;

/// An idle transaction is rolled back after 3 minutes, any after 24 hours.
const IDLE: Duration = Duration::from_secs(180);
const LONGEST: Duration = Duration::from_secs(24 * 3600);
const SWEEP: Duration = Duration::from_secs(1);
/// The service has its own limit by capacity; this one is the embedded server's.
const CONNECTIONS: usize = 150;
/// By which the server knows our sessions.
pub const APPLICATION: &str = "data-api";

/// Connections by database and user, and open transactions.
pub struct Sessions {
    port: u16,
    permits: Arc<Semaphore>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    idle: HashMap<(String, String), Vec<Connection>>,
    transactions: HashMap<String, Transaction>,
    next: u64,
}

/// A connection and its place among those allowed.
pub struct Connection {
    pub client: Client,
    _permit: OwnedSemaphorePermit,
}

struct Transaction {
    /// None while a statement of it runs.
    connection: Option<Connection>,
    key: (String, String),
    begun: Instant,
    used: Instant,
}

/// A connection for one call, which goes back to where it came from.
pub struct Lease {
    pub connection: Option<Connection>,
    key: (String, String),
    transaction: Option<String>,
    state: Arc<Mutex<State>>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Sessions {
    pub fn new(port: u16) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let swept = Arc::downgrade(&state);
        tokio::spawn(async move {
            while let Some(state) = swept.upgrade() {
                expire(&state);
                drop(state);
                tokio::time::sleep(SWEEP).await;
            }
        });
        Self { port, permits: Arc::new(Semaphore::new(CONNECTIONS)), state }
    }

    fn key(target: &Target, credentials: &Credentials) -> (String, String) {
        (target.database.clone().unwrap_or_else(|| "postgres".into()), credentials.username.clone())
    }

    async fn connection(&self, key: &(String, String), credentials: &Credentials) -> Result<Connection, Fault> {
        let idle = lock(&self.state).idle.get_mut(key).and_then(|idle| {
            idle.retain(|connection| !connection.client.is_closed());
            idle.pop()
        });
        if let Some(connection) = idle {
            return Ok(connection);
        }
        if self.permits.available_permits() == 0 {
            // Idle connections to other databases make room.
            lock(&self.state).idle.clear();
        }
        let permit = self.permits.clone().acquire_owned();
        let permit = tokio::time::timeout(TIME_OUT, permit).await.map_err(|_| Fault::timed_out())?;
        let permit = permit.map_err(|_| Fault::unavailable())?;
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.port).dbname(&key.0).user(&key.1).password(&credentials.password);
        config.application_name(APPLICATION).connect_timeout(Duration::from_secs(5));
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(Connection { client, _permit: permit })
    }

    /// A connection for a call, its transaction's if it names one.
    pub async fn lease(
        &self,
        target: &Target,
        credentials: &Credentials,
        transaction: Option<&str>,
    ) -> Result<Lease, Fault> {
        let lease = |connection, key, transaction| Lease {
            connection: Some(connection),
            key,
            transaction,
            state: self.state.clone(),
        };
        let Some(id) = transaction else {
            let key = Self::key(target, credentials);
            return Ok(lease(self.connection(&key, credentials).await?, key, None));
        };
        let mut state = lock(&self.state);
        let transaction = state.transactions.get_mut(id).ok_or_else(|| Fault::no_transaction(id))?;
        let connection = transaction.connection.take().ok_or_else(|| Fault::busy(id))?;
        Ok(lease(connection, transaction.key.clone(), Some(id.to_owned())))
    }

    /// Begins a transaction and names it.
    pub async fn begin(&self, target: &Target, credentials: &Credentials) -> Result<String, Fault> {
        let key = Self::key(target, credentials);
        let connection = self.connection(&key, credentials).await?;
        connection.client.batch_execute("begin").await?;
        let mut state = lock(&self.state);
        state.next += 1;
        let id = format!("local-transaction-{}-{}", std::process::id(), state.next);
        let now = Instant::now();
        state.transactions.insert(id.clone(), Transaction { connection: Some(connection), key, begun: now, used: now });
        Ok(id)
    }

    /// Forgets connections and transactions, which were lost with their server.
    pub fn forget(&self) {
        let mut state = lock(&self.state);
        state.idle.clear();
        state.transactions.clear();
    }

    /// Commits or rolls back.
    pub async fn end(&self, id: &str, commit: bool) -> Result<(), Fault> {
        let (connection, key) = {
            let mut state = lock(&self.state);
            let transaction = state.transactions.get_mut(id).ok_or_else(|| Fault::no_transaction(id))?;
            let connection = transaction.connection.take().ok_or_else(|| Fault::busy(id))?;
            (connection, state.transactions.remove(id).map(|transaction| transaction.key))
        };
        connection.client.batch_execute(if commit { "commit" } else { "rollback" }).await?;
        if let Some(key) = key {
            lock(&self.state).idle.entry(key).or_default().push(connection);
        }
        Ok(())
    }
}

/// Forgets transactions that idled too long; closing their connections rolls them back.
fn expire(state: &Mutex<State>) {
    let now = Instant::now();
    lock(state).transactions.retain(|_, transaction| {
        transaction.connection.is_none() || (now - transaction.used < IDLE && now - transaction.begun < LONGEST)
    });
}

impl Lease {
    /// The connection's client.
    pub fn client(&self) -> Result<&Client, Fault> {
        self.connection.as_ref().map(|connection| &connection.client).ok_or_else(Fault::unavailable)
    }

    /// Gives the connection back. An error ends its transaction, and a statement that took too long is cancelled unless it
    /// may go on.
    pub async fn finish(mut self, outcome: Result<Bytes, Fault>, continue_after_timeout: bool) -> Result<Bytes, Fault> {
        let Some(connection) = self.connection.take() else { return outcome };
        let timed_out = matches!(&outcome, Err(fault) if fault.is_timeout());
        if timed_out && !continue_after_timeout {
            connection.client.cancel_token().cancel_query(NoTls).await.ok();
        }
        let mut state = lock(&self.state);
        match (&self.transaction, &outcome) {
            (Some(id), Ok(_)) => {
                if let Some(transaction) = state.transactions.get_mut(id) {
                    transaction.connection = Some(connection);
                    transaction.used = Instant::now();
                }
            }
            (Some(id), Err(_)) => {
                state.transactions.remove(id);
            }
            (None, _) if timed_out && continue_after_timeout => {
                drop(state);
                // The connection stays until its statement has ended.
                tokio::spawn(async move { connection.client.batch_execute("").await });
            }
            (None, _) if !connection.client.is_closed() => {
                state.idle.entry(self.key.clone()).or_default().push(connection);
            }
            (None, _) => {}
        }
        outcome
    }
}

impl Drop for Lease {
    /// The caller went away in the middle: its transaction is lost with the connection.
    fn drop(&mut self) {
        if let (Some(_), Some(id)) = (&self.connection, &self.transaction) {
            lock(&self.state).transactions.remove(id);
        }
    }
}
