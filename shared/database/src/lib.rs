//! Aurora PostgreSQL through the RDS Data API: the only crate that talks to the database.
//!
//! How to add a query:
//! 1. One statement a file, `sql/verb_object.sql` beside the Rust that runs it. Its first line is its name
//!    (`-- reports.campaign_funnel`); further whole-line comments explain it and are not sent.
//! 2. Bind it with [`sql!`]: only text known at compile time can be SQL.
//! 3. Pass [`Params`]; every one is text, a number, a boolean, an instant or NULL, so **cast each in the SQL**
//!    (`:tenant_id::uuid`, `instant(:from::text)`): the service casts nothing by itself.
//! 4. Read rows into a `#[derive(Deserialize)]` struct whose fields are named as the columns. `numeric`, `uuid` and
//!    `jsonb` arrive as text; an instant needs `#[serde(with = "callmetry_database::instant")]`, a `jsonb` that is to be
//!    read `#[serde(with = "callmetry_database::json")]`.
//! 5. A result that grows with the tenant's data goes through [`Database::read_pages`].
//!
//! Reads are repeated after any failure that may pass; writes only after one that certainly did nothing.
#![warn(missing_docs)]

mod client;
mod error;
pub mod instant;
pub mod json;
pub mod migrations;
mod pages;
mod params;
mod retry;
mod row;
mod snapshot;
mod sql;
mod transaction;

pub use client::{Database, Settings, Usage};
pub use error::Error;
pub use params::Params;
pub use snapshot::Snapshot;
pub use sql::Sql;
pub use transaction::Transaction;
