//! Addresses that are not mailed any more, for operators: it needs the rights of the database's admin role.

use callmetry_database::{Database, Error, Params, Sql, instant, sql};
use callmetry_recipients::Address;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) const LIST_SUPPRESSIONS: Sql = sql!("sql/list_suppressions.sql");
pub(crate) const LIFT_SUPPRESSION: Sql = sql!("sql/lift_suppression.sql");

/// An address that is not mailed any more.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Suppression {
    /// For this tenant.
    pub tenant_id: Uuid,
    #[serde(skip_serializing)]
    address_key: String,
    /// As it was listed.
    pub address: String,
    /// `bounced` or `complained`.
    pub reason: String,
    /// What the mail service said.
    pub detail: String,
    /// Since when.
    #[serde(deserialize_with = "instant::deserialize")]
    pub created_at: DateTime<Utc>,
}

/// Those of a tenant, named by its slug or id.
pub async fn suppressions(database: &Database, tenant: &str) -> Result<Vec<Suppression>, Error> {
    let params = |last: Option<&Suppression>, page_size| {
        let last_key = last.map(|last| last.address_key.as_str());
        Params::new().text("tenant", tenant).text("last_key", last_key).integer("page_size", page_size)
    };
    database.read_pages(LIST_SUPPRESSIONS, params).await
}

/// Lets an address be mailed again; whether it was suppressed.
pub async fn lift_suppression(database: &Database, tenant: &str, address: &Address) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Lifted {}
    let params = Params::new().text("tenant", tenant).text("address_key", address.key().as_str());
    let lifted: Vec<Lifted> = database.write_keyed(LIFT_SUPPRESSION, params).await?;
    Ok(!lifted.is_empty())
}
