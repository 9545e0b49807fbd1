//! One [`Table`] model: the JSON rows and the CSV of the product come from the same rows, so they cannot disagree.
//!
//! [`csv`] is the only writer of CSV: quoting, the guard against formulas, the byte-order mark and the file name live there.
#![warn(missing_docs)]

pub mod csv;
mod ondemand;
mod reports;
mod table;

pub use ondemand::AuditJson;
pub use reports::Tabular;
pub use table::{Cell, Table};
