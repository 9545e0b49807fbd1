//! One verdict.

use std::collections::HashMap;
use std::time::Duration;

use callmetry_access::{ApiKey, Identity, resolve_api_key};
use callmetry_database::Database;
use callmetry_host::{Done, Invocation, Line, door};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::issuers::TrustedIssuer;
use crate::jwt::{Jwt, JwtError};

/// A REQUEST event of format 2.0; of it only the header matters.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    headers: HashMap<String, String>,
}

/// A simple response.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    is_authorized: bool,
    context: Verdict,
}

#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Verdict {
    /// A known caller.
    Caller(Identity),
    /// Nobody.
    Unauthorized,
    /// Well-formed, but what decides about it was not ready in time.
    Deferred,
}

/// How long the database may take. API Gateway gives an authorizer 10 seconds; a paused database needs about 15 to wake,
/// so the rest of the waiting is the host's.
const DATABASE_PATIENCE: Duration = Duration::from_secs(5);

/// Keys from the database, JWTs from trusted issuers.
pub struct Authorizer {
    database: Database,
    jwt: Jwt,
}

impl Authorizer {
    /// Over this database and these issuers.
    pub fn new(database: Database, issuers: Vec<TrustedIssuer>) -> Self {
        Self { database, jwt: Jwt::new(issuers) }
    }

    /// Answers one event.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let request: Request = serde_json::from_value(event).unwrap_or(Request { headers: HashMap::new() });
        let token = request.headers.get("authorization").and_then(|value| door::bearer(value));
        let database = self.database.until(invocation.deadline).within(DATABASE_PATIENCE);
        let verdict = match token {
            Some(token) => self.judge(token, &database, &invocation).await,
            None => Verdict::Unauthorized,
        };
        let outcome = match &verdict {
            Verdict::Caller(_) => "caller",
            Verdict::Unauthorized => "unauthorized",
            Verdict::Deferred => "deferred",
        };
        let line = Line::new(outcome).database(database.usage());
        match serde_json::to_value(Response { is_authorized: true, context: verdict }) {
            Ok(answer) => Done::with(line, answer),
            Err(error) => Done::failed(line, error.to_string()),
        }
    }

    async fn judge(&self, token: &str, database: &Database, invocation: &Invocation) -> Verdict {
        if let Some(key) = ApiKey::parse(token) {
            return match resolve_api_key(database, &key).await {
                Ok(Some(identity)) => Verdict::Caller(identity),
                Ok(None) => Verdict::Unauthorized,
                Err(error) => {
                    tracing::warn!(%error, "deferred: the database was not ready");
                    Verdict::Deferred
                }
            };
        }
        match self.jwt.verify(token, invocation.now).await {
            Ok(identity) => Verdict::Caller(identity),
            Err(JwtError::KeysUnavailable(reason)) => {
                tracing::warn!(reason, "deferred: the issuer's keys were not available");
                Verdict::Deferred
            }
            Err(JwtError::Refused(reason)) => {
                tracing::info!(reason, "refused a JWT");
                Verdict::Unauthorized
            }
        }
    }
}
