//! The numbers of Callmetry: formulas, and the rows of the reports. Pure: no I/O, no clock, no SDK.
//!
//! How to add a metric:
//! 1. The database counts; it never divides. Counts arrive here as integers.
//! 2. A rate is made from two counts by [`Percent::of`] or [`Fraction::of`], the only places that divide and round.
//! 3. The rate of a total is computed from the total's counts, never averaged over rows.
//!
//! Every formula's definition is in `docs/METRICS.md`.
#![warn(missing_docs)]

pub mod agent_scores;
pub mod agents;
pub mod call_volume;
pub mod campaigns;
pub mod compliance;
pub mod dispositions;
mod fixed;
pub mod headlines;
pub mod ondemand;
mod report_name;
pub mod score;
pub mod time;
mod window;

pub use fixed::{Decimal2, Fraction, Mean, Percent};
pub use report_name::ReportName;
pub use window::{Window, WindowError};
