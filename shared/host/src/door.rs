//! The only door: who is calling, as the authorizer said or, when the database slept too long for it, as the database says.
//!
//! It fails closed: whatever is not a known caller with a token that is still good is nobody.

use callmetry_access::{ApiKey, Identity, resolve_api_key};
use callmetry_database::Database;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::Error;
use crate::event::Request;

/// The authorizer's `context`.
#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Verdict {
    /// A known caller.
    Caller(Identity),
    /// Nobody.
    Unauthorized,
    /// Well-formed, and not yet looked up.
    Deferred,
}

pub(crate) async fn identify(request: &Request, database: &Database, now: DateTime<Utc>) -> Result<Identity, Error> {
    let identity = match Verdict::deserialize(&request.request_context.authorizer.lambda) {
        Ok(Verdict::Caller(identity)) => identity,
        Ok(Verdict::Deferred) => look_up(request, database).await?,
        Ok(Verdict::Unauthorized) | Err(_) => return Err(Error::Unauthorized),
    };
    if identity.exp != 0 && identity.exp <= now.timestamp() {
        return Err(Error::Unauthorized);
    }
    Ok(identity)
}

async fn look_up(request: &Request, database: &Database) -> Result<Identity, Error> {
    let token = bearer(request.header("authorization")).ok_or(Error::Unauthorized)?;
    // A JWT is deferred only when its issuer's keys could not be fetched, which is not the host's to repeat.
    let key = ApiKey::parse(token).ok_or_else(|| Error::Unavailable("the issuer's keys were not available".into()))?;
    resolve_api_key(database, &key).await?.ok_or(Error::Unauthorized)
}

/// The token of a header value `Bearer <token>`; the scheme's case does not matter (RFC 9110).
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
