//! For tests: a migrated PostgreSQL database each, builders of what a dialer writes, and a running stack.
//!
//! Tests are plain `#[test]` functions around [`run`]: servers outlive a single test, so they all share one runtime.
#![warn(missing_docs)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up fails")]

mod builders;
mod database;
mod stack;

use std::sync::OnceLock;

pub use builders::{Attempt, Call, Campaign, Centre};
pub use database::TestDatabase;
pub use stack::{private_stack, scratch_dir, shared_stack, try_stack};

/// Runs a test on the shared runtime.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()).block_on(test)
}
