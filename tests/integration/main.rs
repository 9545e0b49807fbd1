//! Tests on real PostgreSQL, through the Data API, and over HTTP on the production binaries.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

/// Says something although the test passes, whose usual output is not shown.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        writeln!(std::io::stderr(), $($text)*).ok();
    }};
}

mod bad_input;
mod browser;
mod contract_files;
mod credentials;
mod csv;
mod data_api;
mod digests;
mod exports;
mod folding;
mod http;
mod independent_client;
mod lambda_builds;
mod loading;
mod mails;
mod migrations;
mod oidc;
mod ondemand;
mod operation;
mod page;
mod paging;
mod quality;
mod random_centres;
mod real_calls;
mod recurring;
mod reports;
mod scheduler;
mod schedules;
mod ses;
mod sql_catalogue;
mod stack_lifecycle;
mod template_faults;
mod template_rules;
mod turns;
mod types;
mod unavailable;
mod walk;
