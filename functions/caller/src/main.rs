//! `GET /api/v1/caller`

use std::process::ExitCode;

use callmetry_host as host;

mod handler;

fn main() -> ExitCode {
    host::Routes::new().on("GET /api/v1/caller", |call| Box::pin(handler::handle(call))).serve()
}
