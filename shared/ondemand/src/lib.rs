//! On-demand reports: ordered by a request, made in the background, kept as a file.
//!
//! `order.rs` makes the row, `attempt.rs` is what the function that makes the file does to it, and `report.rs` reads it. The
//! row decides who works: an event that is delivered twice finds it taken.
#![warn(missing_docs)]

mod attempt;
mod order;
mod report;

pub use attempt::{Attempt, MAX_ATTEMPTS, Work};
pub use order::{Order, RequestKey};
pub use report::{Contents, Format, KEPT_DAYS, Kind, Receipt, Report, Status};

use callmetry_database::{Params, Sql};

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let texts = |names: &[&str]| names.iter().fold(Params::new(), |params, name| params.text(name, None));
    vec![
        (
            order::ORDER_REPORT,
            texts(&[
                "tenant_id",
                "user_id",
                "request_key",
                "report_id",
                "subject_tenant_id",
                "type",
                "format",
                "from",
                "to",
                "filters",
            ])
            .integer("keep_secs", None)
            .flag("byte_order_mark", None),
        ),
        (report::FIND_REPORT, texts(&["tenant_id", "report_id"])),
        (attempt::CLAIM_REPORT, texts(&["report_id", "token"]).integer("lease_secs", None)),
        (attempt::PUBLISH_REPORT, texts(&["report_id", "token", "file_key"]).integer("file_bytes", None)),
        (attempt::RELEASE_REPORT, texts(&["report_id", "token", "error"])),
    ]
}
