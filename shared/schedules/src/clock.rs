//! What time it is for due times and leases.

use callmetry_database::Params;
use chrono::{DateTime, Utc};

/// The database's clock, so that functions whose own clocks differ agree; tests set another time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    /// The database's.
    pub fn database() -> Self {
        Self(None)
    }

    /// One that stands still.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(Some(instant))
    }

    /// Parameters with `now`, NULL for the database's.
    pub fn params(self) -> Params {
        Params::new().instant("now", self.0)
    }
}
