//! Tenants by name, for whoever may know them: a caller its own, a platform admin all.

use callmetry_database::{Database, Error, Params, Sql, instant, sql};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Caller, Rank, Role};

/// A tenant by its id.
pub const FIND_TENANT: Sql = sql!("sql/find_tenant.sql");
pub(crate) const LIST_TENANTS: Sql = sql!("sql/list_tenants.sql");

/// How many tenants a platform admin is told of: what a list to choose from is good for.
const MOST_TO_CHOOSE_FROM: i64 = 1_000;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Tenant {
    /// Its id.
    pub id: Uuid,
    /// Its short name, of which there is one only.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Since when.
    #[serde(deserialize_with = "instant::deserialize")]
    pub created_at: DateTime<Utc>,
}

pub(crate) async fn find(database: &Database, id: Uuid) -> Result<Option<Tenant>, Error> {
    database.read_optional(FIND_TENANT, Params::new().uuid("tenant_id", id)).await
}

pub(crate) fn page(last: Option<&Tenant>, page_size: i64) -> Params {
    Params::new().text("last_slug", last.map(|last| last.slug.as_str())).integer("page_size", page_size)
}

impl<R: Rank> Caller<R> {
    /// The tenant that the caller belongs to; none where a token names one that does not exist.
    pub async fn tenant_by_name(&self, database: &Database) -> Result<Option<Tenant>, Error> {
        find(database, self.own_tenant().id()).await
    }

    /// The first thousand tenants that the caller may read beside its own, by slug; none at all for all but platform admins.
    pub async fn tenants_to_choose_from(&self, database: &Database) -> Result<Option<Vec<Tenant>>, Error> {
        if self.role() < Role::PlatformAdmin {
            return Ok(None);
        }
        database.read_up_to(LIST_TENANTS, page, MOST_TO_CHOOSE_FROM).await.map(Some)
    }
}
