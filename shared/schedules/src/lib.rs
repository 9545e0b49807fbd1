//! Schedules of digests and of on-demand reports: when they are due, who is owed one, and what became of each.
//!
//! `cadence.rs` says when a schedule runs and what its digest is about, and nothing else does. `entered.rs` reads what people
//! enter. `schedule.rs` is what clients make and change. `lease.rs` takes work, `delivery.rs` is one message of it, `feedback.rs`
//! is what is heard of it after it was sent, `log.rs` reads what became of them.
//!
//! The database decides what is owed: a run is one occurrence of a schedule, a delivery is one message of a run, and both are
//! unique. Whoever works on a run holds its lease by a token; a delivery is sent under a token of its own. Every write carries
//! such a token, or an id that its caller made, and repeating it after a lost answer gives the same answer.
#![warn(missing_docs)]

pub mod cadence;
mod clock;
mod delivery;
pub mod entered;
mod feedback;
mod lease;
mod log;
mod occurrence;
mod schedule;
mod suppression;
mod unsubscribe;
mod zone;

pub use cadence::{Cadence, Period, Timetable};
pub use clock::Clock;
pub use delivery::{Begun, Delivery, Ended, Send};
pub use feedback::{Feedback, FeedbackKind};
pub use lease::{Due, Lease, MOST_TAKEOVERS, Run, Subject, Taken, find_due, find_next_due};
pub use log::{Log, LogEntry};
pub use schedule::{
    Plan, Recipient, Requested, Schedule, TimetableColumns, Unchanged, change, create, delete, find, list, request_run,
    timetable_params,
};
pub use suppression::{Suppression, lift_suppression, suppressions};
pub use unsubscribe::unsubscribe;
pub use zone::midnight;

use callmetry_access::TenantScope;
use callmetry_database::{Params, Sql};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A place in a list that is sorted by creation, newest first: when its row was created, and the row's id.
pub type Place = (DateTime<Utc>, Uuid);

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let names = |names: &str| names.split_whitespace().fold(Params::new(), |params, name| params.text(name, None));
    let plan = "tenant_id id report cadence day_of_week day_of_month local_time timezone by_hour_utc enabled next_run_at \
                recipients";
    vec![
        (schedule::CREATE_SCHEDULE, names(plan)),
        (schedule::CHANGE_SCHEDULE, names(&format!("{plan} version was_due_at write_token dropped"))),
        (schedule::DELETE_SCHEDULE, names("tenant_id id write_token")),
        (schedule::FIND_SCHEDULE, names("tenant_id id")),
        (schedule::LIST_SCHEDULES, names("tenant_id after_at after_id page_size")),
        (schedule::REQUEST_RUN, names("tenant_id id run_id request_key scheduled_for rhythm from to previous_from")),
        (log::HAS_SCHEDULE, names("tenant_id id")),
        (log::LIST_DELIVERIES, names("tenant_id id after_at after_id page_size")),
        (unsubscribe::UNSUBSCRIBE_RECIPIENT, names("tenant_id recipient_id")),
        (unsubscribe::DISABLE_DESERTED, names("tenant_id id")),
        (lease::FIND_DUE_SCHEDULES, names("now page_size")),
        (lease::FIND_NEXT_DUE, Params::new()),
        (lease::CLAIM_SCHEDULES, names("lease_token lease_secs now due")),
        (lease::TAKE_OVER_RUNS, names("lease_token lease_secs now page_size most_takeovers")),
        (lease::FINISH_RUNS, names("lease_token pause_secs stuck now")),
        (delivery::BEGIN_DELIVERY, names("id lease_token send_token now")),
        (feedback::RECORD_FEEDBACK, names("tenant_id delivery_id status is_final message_id detail")),
        (suppression::LIST_SUPPRESSIONS, names("tenant last_key page_size")),
        (suppression::LIFT_SUPPRESSION, names("tenant address_key")),
        (delivery::SETTLE_DELIVERY, names("id send_token status attempts message_id error retry_secs now")),
    ]
}

fn of(tenant: TenantScope) -> Params {
    Params::new().uuid("tenant_id", tenant.id())
}

/// Adds the place after which a page begins, and its size.
fn page_after(params: Params, place: Option<Place>, page_size: i64) -> Params {
    let (at, id) = place.unzip();
    params.instant("after_at", at).uuid("after_id", id).integer("page_size", page_size)
}
