//! What the numbers of a report are, for a tenant and a window, and nothing else.
//!
//! Routes, CSV, digests and on-demand reports all ask here, so a number is the same wherever it is read.
//! The database counts; `callmetry-metrics` makes rates of the counts. It counts slots, hours and days beforehand, see
//! `docs/FOLDING.md`, and nobody who asks here needs to know: [`Counting`] is for those who verify it.
//!
//! How to add a report: a file named for it here with `read()`, its statement in `sql/`, and its rows in
//! `callmetry-metrics`. List the statement in [`statements`]: a test plans each of them on the real schema.
#![warn(missing_docs)]

pub mod agents;
pub mod call_volume;
pub mod campaigns;
pub mod compliance;
pub mod dispositions;
pub mod ondemand;
pub mod verification;

use callmetry_access::TenantScope;
use callmetry_database::{Error, Params, Sql};
use callmetry_metrics::Window;
use uuid::Uuid;

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let query = Params::new().text("tenant_id", None).text("from", None).text("to", None).flag("plain", None);
    let campaign = |query: Params| query.text("campaign_id", None);
    let pages = |query: Params| query.text("after_name", None).text("after_id", None).integer("page_size", None);
    let mut statements = vec![
        (campaigns::CAMPAIGN_FUNNEL, pages(campaign(query.clone()))),
        (agents::AGENT_ACTIVITY, pages(query.clone().text("team", None))),
        (call_volume::CALL_VOLUME, campaign(query.clone()).text("timezone", None)),
        (compliance::DNC_ENTRIES, query.clone()),
        (compliance::CAMPAIGN_COMPLIANCE, pages(campaign(query.clone()))),
        (
            dispositions::DISPOSITION_MIX,
            campaign(query).text("after_code", None).integer("after_count", None).integer("page_size", None),
        ),
    ];
    statements.extend(ondemand::statements());
    statements
}

/// What a number is counted from. It is the same number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counting {
    /// From folded counts and what was touched since they were folded, where that is sooner; else as [`Plain`](Self::Plain).
    #[default]
    Folded,
    /// From the dialer's rows and nothing else: to verify the other.
    Plain,
}

/// The parameters of a report that has folded counts.
fn counted_params(tenant: TenantScope, window: Window, counting: Counting) -> Params {
    window_params(tenant, window).flag("plain", counting == Counting::Plain)
}

/// The parameters that every report has.
fn window_params(tenant: TenantScope, window: Window) -> Params {
    Params::new().uuid("tenant_id", tenant.id()).instant("from", window.from()).instant("to", window.to())
}

/// Adds the key of the last row and the page size, for statements that are ordered by name and id.
fn page_after(params: Params, last: Option<(&str, Uuid)>, page_size: i64) -> Params {
    params
        .text("after_name", last.map(|(name, _)| name))
        .uuid("after_id", last.map(|(_, id)| id))
        .integer("page_size", page_size)
}

/// A report's error is the database's.
pub type Result<T> = std::result::Result<T, Error>;
