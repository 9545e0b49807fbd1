//! Raw call records, as CSV, however many: planned, read side by side, and written in order.
//!
//! 1. [`Export::begin`] asks for the keys that cut the calls into pages of the same number of rows (`plan.rs`). Keys, not
//!    times: however many calls begin in one microsecond, a page has no more rows than planned.
//! 2. Pages are read several at once, each by its keys, never by an offset (`pages.rs`), and come out in order.
//! 3. A page's rows are PostgreSQL's text of a row (`record.rs`), which becomes cells of the one CSV writer (`rows.rs`).
//!
//! There is no snapshot: a long one would hold the database's clean-up back, and one transaction answers one call at a
//! time. A call that is inserted while an export runs is in one page, whole, or in none.
#![warn(missing_docs)]

mod filter;
mod pages;
mod plan;
mod record;
mod rows;

pub use filter::{Direction, Filter};
pub use pages::Export;
pub use plan::Chunk;
pub use rows::header;

use callmetry_database::{Params, Sql};

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let names = |names: &[&str]| names.iter().fold(Params::new(), |params, name| params.text(name, None));
    let filter = ["tenant_id", "from", "to", "campaign_id", "agent_id", "direction", "after_at", "after_id"];
    vec![
        (plan::PLAN_PAGES, names(&filter).integer("chunk_rows", None).integer("page_rows", None)),
        (pages::READ_CALLS, names(&filter).text("until_at", None).text("until_id", None).integer("page_size", None)),
    ]
}
