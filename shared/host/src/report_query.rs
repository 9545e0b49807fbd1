//! The parameters that all five reports share.

use callmetry_metrics::Window;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Query;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The whole report.
    Json,
}

/// `from`, `to`, `tenant_id` and `format`.
#[derive(Debug)]
pub struct ReportQuery {
    /// `from` and `to`: the half-open window, in RFC 3339; by default the 30 days up to now. None when it is invalid,
    /// which [`Query::finish`] then says.
    window: Option<Window>,
    /// Another tenant, for platform admins.
    pub tenant_id: Option<Uuid>,
    /// `json`.
    pub format: Format,
}

impl ReportQuery {
    /// Reads the shared parameters; the route reads its own and calls [`Query::finish`] before it uses any.
    pub fn read(query: &mut Query, now: DateTime<Utc>) -> Self {
        Self {
            window: query.window(now),
            tenant_id: query.uuid("tenant_id"),
            format: query.choice("format", &[("json", Format::Json)]).unwrap_or(Format::Json),
        }
    }

    /// The window of a query that was found valid.
    pub fn window(&self) -> Result<Window, crate::Error> {
        self.window.ok_or_else(|| crate::Error::Internal("a window was used before the query was checked".into()))
    }
}
