//! `DELETE /api/v1/reports/{id}/schedule`

use std::process::ExitCode;

use callmetry_host as host;

mod handler;

fn main() -> ExitCode {
    host::Routes::new().on("DELETE /api/v1/reports/{id}/schedule", |call| Box::pin(handler::handle(call))).serve()
}
