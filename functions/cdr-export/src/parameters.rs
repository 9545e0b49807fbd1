//! The query.

use std::time::Duration;

use callmetry_exports::{Direction, Filter};
use callmetry_host::{Error, Query};
use callmetry_metrics::Window;
use callmetry_ondemand::RequestKey;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The same caller and query get the same job for so long.
const SAME_JOB: Duration = Duration::from_secs(600);

/// What is asked for.
pub struct Parameters {
    pub window: Window,
    pub tenant_id: Option<Uuid>,
    pub filter: Filter,
    pub byte_order_mark: bool,
    /// Of the query as it was sent, so that `to` left out is the same query a minute later.
    pub request_key: RequestKey,
}

impl Parameters {
    /// Reads the query at an instant.
    pub fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let pairs = query.sorted();
        let window = query.window(now);
        let tenant_id = query.uuid("tenant_id");
        let filter = Filter {
            campaign_id: query.uuid("campaign_id"),
            agent_id: query.uuid("agent_id"),
            direction: query.choice("direction", &Direction::CHOICES),
        };
        let byte_order_mark = query.byte_order_mark();
        query.finish()?;
        let window = window.ok_or_else(|| Error::Internal("a window was used before the query was checked".into()))?;
        let parts = ["cdr_export"].into_iter().chain(pairs.iter().flat_map(|(name, value)| [name.as_str(), value]));
        let request_key = RequestKey::of_query(parts, SAME_JOB);
        Ok(Self { window, tenant_id, filter, byte_order_mark, request_key })
    }
}
