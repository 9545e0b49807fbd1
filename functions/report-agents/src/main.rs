//! `GET /api/v1/reports/agents`

use std::process::ExitCode;

use callmetry_host as host;

mod handler;

fn main() -> ExitCode {
    host::serve_report(|call| Box::pin(handler::handle(call)))
}
