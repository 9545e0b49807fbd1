//! What became of each message.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, instant, sql};
use callmetry_metrics::time;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Place, of, page_after};

pub(crate) const HAS_SCHEDULE: Sql = sql!("sql/has_schedule.sql");
pub(crate) const LIST_DELIVERIES: Sql = sql!("sql/list_deliveries.sql");

/// One message, or one occurrence that was skipped.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LogEntry {
    /// Its place in the log.
    #[serde(skip_serializing)]
    pub id: Uuid,
    /// Its run.
    pub run_id: Uuid,
    /// The occurrence.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub scheduled_for: DateTime<Utc>,
    /// To whom; nobody where the occurrence was skipped.
    pub recipient: Option<String>,
    /// sending, sent, failed, unknown, skipped, unsubscribed, suppressed, bounced or complained.
    pub status: String,
    /// How often it was handed to SES.
    pub attempts: i64,
    /// SES's name for it.
    pub message_id: Option<String>,
    /// Why it was not sent, or not yet.
    pub error: Option<String>,
    /// When it was planned.
    #[serde(deserialize_with = "instant::deserialize", skip_serializing)]
    pub created_at: DateTime<Utc>,
    /// When its status changed last.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub updated_at: DateTime<Utc>,
}

/// The delivery log of a schedule.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    tenant: TenantScope,
    schedule_id: Uuid,
}

#[derive(Deserialize)]
struct Found {}

impl Log {
    /// That of a schedule of the tenant, deleted or not.
    pub async fn find(database: &Database, tenant: TenantScope, schedule_id: Uuid) -> Result<Option<Self>, Error> {
        let found: Option<Found> = database.read_optional(HAS_SCHEDULE, of(tenant).uuid("id", schedule_id)).await?;
        Ok(found.map(|Found {}| Self { tenant, schedule_id }))
    }

    /// Up to `limit` entries after a place, newest first.
    pub async fn read(&self, database: &Database, after: Option<Place>, limit: i64) -> Result<Vec<LogEntry>, Error> {
        let params = |last: Option<&LogEntry>, page_size| {
            let params = of(self.tenant).uuid("id", self.schedule_id);
            page_after(params, last.map(|entry| (entry.created_at, entry.id)).or(after), page_size)
        };
        database.read_up_to(LIST_DELIVERIES, params, limit).await
    }
}
