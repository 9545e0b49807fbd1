//! Whoever does not want a digest any more.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, sql};
use serde::Deserialize;
use uuid::Uuid;

use crate::of;

pub(crate) const UNSUBSCRIBE_RECIPIENT: Sql = sql!("sql/unsubscribe_recipient.sql");
pub(crate) const DISABLE_DESERTED: Sql = sql!("sql/disable_deserted.sql");

/// How often it is looked whether anybody is left, where others change the schedule meanwhile. The claim looks, too.
const LOOKS: usize = 5;

#[derive(Deserialize)]
struct Left {
    schedule_id: Uuid,
}

#[derive(Deserialize)]
struct Looked {
    is_settled: bool,
}

/// Takes a recipient off a schedule for good, and disables the schedule where nobody is left. Done twice it is the same, and so
/// it is where there is no such recipient.
pub async fn unsubscribe(database: &Database, tenant: TenantScope, recipient_id: Uuid) -> Result<(), Error> {
    let params = of(tenant).uuid("recipient_id", recipient_id);
    let left: Vec<Left> = database.write_keyed(UNSUBSCRIBE_RECIPIENT, params).await?;
    for Left { schedule_id } in left {
        // A statement of its own, which sees all who left before.
        for _ in 0..LOOKS {
            let looked: Vec<Looked> =
                database.write_keyed(DISABLE_DESERTED, of(tenant).uuid("id", schedule_id)).await?;
            if looked.iter().all(|looked| looked.is_settled) {
                break;
            }
        }
    }
    Ok(())
}
