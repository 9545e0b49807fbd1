//! `GET /api/v1/reports`

use std::process::ExitCode;

use callmetry_host as host;

mod handler;

fn main() -> ExitCode {
    host::Routes::new().on("GET /api/v1/reports", |call| Box::pin(handler::handle(call))).serve()
}
