//! One [`Table`] model: the JSON rows and the CSV of the product come from the same rows, so they cannot disagree.
//!
//! [`csv`] is the only writer of CSV: quoting, the guard against formulas, the byte-order mark and the file name live there.
//! What people read in mails and documents is written by [`figures`], [`HeadlineText`], [`Period`] and [`plain`].
#![warn(missing_docs)]

pub mod csv;
pub mod figures;
mod headline;
mod ondemand;
mod period;
pub mod plain;
mod reports;
mod table;

pub use headline::HeadlineText;
pub use ondemand::AuditJson;
pub use period::Period;
pub use reports::Tabular;
pub use table::{Cell, Table};
