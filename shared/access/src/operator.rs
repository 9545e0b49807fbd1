//! What operators do by hand: tenants are made, and keys are made, listed and revoked.
//!
//! It needs the rights of the database's admin role, which only the function `admin` has.

use callmetry_database::{Database, Error, Params, Sql, instant, sql};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::tenants::{LIST_TENANTS, Tenant, page};
use crate::{ApiKey, Role};

const CREATE_TENANT: Sql = sql!("sql/create_tenant.sql");
const CREATE_API_KEY: Sql = sql!("sql/create_api_key.sql");
const LIST_API_KEYS: Sql = sql!("sql/list_api_keys.sql");
const REVOKE_API_KEY: Sql = sql!("sql/revoke_api_key.sql");

/// What is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct KeyEntry {
    /// Its id, by which it is revoked.
    pub id: Uuid,
    /// Whose it is.
    pub tenant_id: Uuid,
    /// The user that it stands for.
    pub user_id: String,
    /// What it may do.
    pub role: Role,
    /// Since when.
    #[serde(deserialize_with = "instant::deserialize")]
    pub created_at: DateTime<Utc>,
    /// Until when; for ever, if null.
    #[serde(deserialize_with = "instant::optional::deserialize")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked, if it was.
    #[serde(deserialize_with = "instant::optional::deserialize")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A key that is to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its id.
    pub id: Uuid,
    /// The tenant's slug or id.
    pub tenant: String,
    /// The user that it stands for.
    pub user_id: String,
    /// What it may do.
    pub role: Role,
    /// Until when; for ever, if none.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a tenant. Where there is one with this slug, it is that, whatever its name.
pub async fn create_tenant(database: &Database, slug: &str, name: &str) -> Result<Option<Tenant>, Error> {
    let params = Params::new().text("slug", slug).text("name", name);
    Ok(database.write_keyed(CREATE_TENANT, params).await?.into_iter().next())
}

/// All tenants, by their slugs.
pub async fn tenants(database: &Database) -> Result<Vec<Tenant>, Error> {
    database.read_pages(LIST_TENANTS, page).await
}

/// Makes this key the one of an entry; none where there is no such tenant. The key itself is not kept.
pub async fn create_api_key(database: &Database, new: &NewKey, key: &ApiKey) -> Result<Option<KeyEntry>, Error> {
    let params = Params::new()
        .uuid("id", new.id)
        .text("tenant", new.tenant.as_str())
        .text("user_id", new.user_id.as_str())
        .text("role", new.role.as_str())
        .bytes("key_hash", &key.hash()[..])
        .instant("expires_at", new.expires_at);
    Ok(database.write_keyed(CREATE_API_KEY, params).await?.into_iter().next())
}

/// The keys of a tenant, named by its slug or id, the oldest first.
pub async fn api_keys(database: &Database, tenant: &str) -> Result<Vec<KeyEntry>, Error> {
    let params = |last: Option<&KeyEntry>, page_size| {
        Params::new()
            .text("tenant", tenant)
            .instant("last_created_at", last.map(|last| last.created_at))
            .uuid("last_id", last.map(|last| last.id))
            .integer("page_size", page_size)
    };
    database.read_pages(LIST_API_KEYS, params).await
}

/// Revokes a key; none where there is none of this id. A verdict of the authorizer may honour it for another minute.
pub async fn revoke_api_key(database: &Database, id: Uuid) -> Result<Option<KeyEntry>, Error> {
    Ok(database.write_keyed(REVOKE_API_KEY, Params::new().uuid("id", id)).await?.into_iter().next())
}

/// Every statement of this file, bound as it is run, for tests.
pub fn statements() -> Vec<(Sql, Params)> {
    let keys = Params::new().text("tenant", None).instant("last_created_at", None).uuid("last_id", None);
    vec![
        (CREATE_TENANT, Params::new().text("slug", None).text("name", None)),
        (LIST_TENANTS, page(None, 1)),
        (
            CREATE_API_KEY,
            Params::new()
                .uuid("id", None)
                .text("tenant", None)
                .text("user_id", None)
                .text("role", None)
                .bytes("key_hash", None)
                .instant("expires_at", None),
        ),
        (LIST_API_KEYS, keys.integer("page_size", None)),
        (REVOKE_API_KEY, Params::new().uuid("id", None)),
    ]
}
