//! Whoever does not want a digest any more.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, sql};
use serde::Deserialize;
use uuid::Uuid;

use crate::of;

pub(crate) const UNSUBSCRIBE_RECIPIENT: Sql = sql!("sql/unsubscribe_recipient.sql");

/// Takes a recipient off a schedule for good. False where there is no such recipient. Done twice it is the same.
pub async fn unsubscribe(database: &Database, tenant: TenantScope, recipient_id: Uuid) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Left {}
    let left: Vec<Left> =
        database.write_keyed(UNSUBSCRIBE_RECIPIENT, of(tenant).uuid("recipient_id", recipient_id)).await?;
    Ok(!left.is_empty())
}
