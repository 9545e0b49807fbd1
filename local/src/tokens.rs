//! API keys of the demo tenants. The database has only their hashes, so the keys themselves are kept in a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use callmetry_access::{ApiKey, Role};
use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use crate::demo::TENANTS;

/// Keys by tenant slug and role, and the platform admin's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// The platform admin's, who belongs to the first demo tenant.
    pub platform_admin: String,
    /// By tenant slug, then by role.
    #[serde(flatten)]
    pub tenants: BTreeMap<String, BTreeMap<String, String>>,
}

/// Reads the keys of the file, or makes them, and has the database know them.
pub async fn ensure(client: &Client, file: &Path) -> Result<Tokens> {
    let tokens = match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", file.display()))?,
        Err(_) => {
            let tokens = generate()?;
            crate::stack::write_private(file, &serde_json::to_vec_pretty(&tokens)?)?;
            tokens
        }
    };
    for tenant in &TENANTS {
        for (role, token) in tokens.tenants.get(tenant.slug).into_iter().flatten() {
            store(client, tenant.id, &format!("{}-{role}", tenant.slug), role, token).await?;
        }
    }
    store(client, TENANTS[0].id, "platform-admin", Role::PlatformAdmin.as_str(), &tokens.platform_admin).await?;
    Ok(tokens)
}

fn generate() -> Result<Tokens> {
    let key =
        || ApiKey::generate().map(|key| key.reveal().to_owned()).map_err(|error| anyhow!("no randomness: {error}"));
    let mut tokens = Tokens { platform_admin: key()?, ..Tokens::default() };
    for tenant in &TENANTS {
        let roles = tokens.tenants.entry(tenant.slug.to_owned()).or_default();
        for role in [Role::Agent, Role::Supervisor, Role::Admin] {
            roles.insert(role.to_string(), key()?);
        }
    }
    Ok(tokens)
}

/// Adds a key if the database does not know it.
pub async fn store(client: &Client, tenant: uuid::Uuid, user: &str, role: &str, token: &str) -> Result<()> {
    let key = ApiKey::parse(token).context("a kept key is malformed")?;
    client
        .execute(
            "insert into api_keys (tenant_id, user_id, role, key_hash) values ($1, $2, $3, $4) on conflict (key_hash) do nothing",
            &[&tenant, &user, &role, &&key.hash()[..]],
        )
        .await?;
    Ok(())
}
