//! `/api/v1/qa/evaluations`

use std::process::ExitCode;

use callmetry_host as host;

mod handler;
mod submission;

fn main() -> ExitCode {
    host::Routes::new()
        .on("POST /api/v1/qa/evaluations", |call| Box::pin(handler::save(call)))
        .on("GET /api/v1/qa/evaluations", |call| Box::pin(handler::list(call)))
        .on("GET /api/v1/qa/evaluations/{id}", |call| Box::pin(handler::find(call)))
        .serve()
}
