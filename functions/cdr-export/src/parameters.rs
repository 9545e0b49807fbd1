//! The query.

use std::time::Duration;

use callmetry_access::TenantScope;
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
    /// Which bounds were given: `to` left out is the same query a minute later.
    bounds: (bool, bool),
}

impl Parameters {
    /// Reads the query at an instant.
    pub fn read(mut query: Query, now: DateTime<Utc>) -> Result<Self, Error> {
        let bounds = (query.has("from"), query.has("to"));
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
        Ok(Self { window, tenant_id, filter, byte_order_mark, bounds })
    }

    /// What makes it the same query as another about the same tenant, in whatever words.
    pub fn request_key(&self, subject: TenantScope) -> RequestKey {
        let id = |id: Option<Uuid>| id.map_or_else(String::new, |id| id.to_string());
        let given = |is_given: bool, at: DateTime<Utc>| if is_given { at.to_rfc3339() } else { String::new() };
        let parts = [
            "cdr_export".to_owned(),
            subject.to_string(),
            given(self.bounds.0, self.window.from()),
            given(self.bounds.1, self.window.to()),
            id(self.filter.campaign_id),
            id(self.filter.agent_id),
            self.filter.direction.map_or("", Direction::as_str).to_owned(),
            self.byte_order_mark.to_string(),
        ];
        RequestKey::of_query(parts.iter().map(String::as_str), SAME_JOB)
    }
}
