//! An API key's owner. The authorizer asks first; the host asks again when the database slept too long for the authorizer.

use callmetry_database::{Database, Error, Params, Sql, sql};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{ApiKey, Identity, Role};

/// The owner of a key.
pub const FIND_API_KEY: Sql = sql!("sql/find_api_key.sql");

#[derive(Deserialize)]
struct KeyRow {
    tenant_id: Uuid,
    user_id: String,
    role: Role,
    key_hash: String,
    #[serde(with = "callmetry_database::instant::optional")]
    expires_at: Option<DateTime<Utc>>,
}

/// The key's owner; none for a key that is unknown, revoked or expired.
pub async fn resolve_api_key(database: &Database, key: &ApiKey) -> Result<Option<Identity>, Error> {
    let hash = key.hash();
    let row: Option<KeyRow> = database.read_optional(FIND_API_KEY, Params::new().bytes("key_hash", &hash[..])).await?;
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(row.filter(|row| bool::from(row.key_hash.as_bytes().ct_eq(hex.as_bytes()))).map(|row| Identity {
        tenant_id: row.tenant_id,
        user_id: row.user_id,
        role: row.role,
        exp: row.expires_at.map_or(0, |at| at.timestamp()),
    }))
}
