//! On-demand reports: ordered by a request, made in the background, kept as a file, and made again on a schedule.
//!
//! `order.rs` makes the row, `attempt.rs` is what the function that makes the file does to it, `takeover.rs` what the tick does,
//! `report.rs` reads it, and `shown.rs` is what clients are told of it. The row decides who works: an event that is delivered twice
//! finds it taken. `recurrence.rs` is the schedule that a report carries; each of its runs is a report of its own.
#![warn(missing_docs)]

mod attempt;
pub mod id;
mod kind;
mod order;
mod recurrence;
mod report;
mod shown;
mod takeover;

pub use attempt::{Attempt, Leftover, MAX_ATTEMPTS, Made, RENEWAL, Work};
pub use kind::{Format, Kind, Status};
pub use order::{Order, Placed, RequestKey};
pub use recurrence::{Plan, Recurrence, cancel, weekday};
pub use report::{Contents, KEPT_DAYS, Report, Start, Wanted};
pub use shown::{Receipt, Shown};
pub use takeover::{ReportFile, take_over};

use callmetry_database::{Params, Sql};

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let names = |names: &str| names.split_whitespace().fold(Params::new(), |params, name| params.text(name, None));
    let order = "tenant_id user_id request_key content_hash keep_secs replace_failed report_id subject_tenant_id type format \
                 section from to timezone previous_from filters byte_order_mark schedule_id cadence day_of_week day_of_month \
                 local_time schedule_timezone next_run_at recipients recipients_as_list";
    vec![
        (order::ORDER_REPORT, names(order)),
        (report::FIND_REPORT, names("tenant_id report_id")),
        (report::LIST_REPORTS, names("tenant_id type status scheduled after_at after_id skip page_size")),
        (report::COUNT_REPORTS, names("tenant_id type status scheduled")),
        (recurrence::CANCEL_SCHEDULE, names("tenant_id report_id")),
        (attempt::CLAIM_REPORT, names("report_id token lease_secs max_attempts")),
        (attempt::RENEW_LEASE, names("report_id token lease_secs")),
        (attempt::RECORD_UPLOAD, names("report_id token upload_id")),
        (attempt::PUBLISH_REPORT, names("report_id token file_key file_bytes page_count summary")),
        (attempt::RELEASE_REPORT, names("report_id token error")),
        (takeover::TAKE_OVER_REPORTS, names("token page_size max_attempts now")),
        (takeover::FIND_FILES, names("report_ids")),
    ]
}
