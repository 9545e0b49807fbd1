//! An occurrence, as statements take it.

use callmetry_metrics::time;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::Period;

/// An occurrence, and what it is about.
#[derive(Serialize)]
pub(crate) struct Occurrence {
    #[serde(serialize_with = "time::instant")]
    scheduled_for: DateTime<Utc>,
    #[serde(serialize_with = "time::instant")]
    from_at: DateTime<Utc>,
    #[serde(serialize_with = "time::instant")]
    to_at: DateTime<Utc>,
    #[serde(serialize_with = "time::instant")]
    previous_from_at: DateTime<Utc>,
}

impl Occurrence {
    pub fn of(scheduled_for: DateTime<Utc>, period: Period) -> Self {
        Self { scheduled_for, from_at: period.from, to_at: period.to, previous_from_at: period.previous_from }
    }
}
