//! `GET /api/v1/cdrs/export`

use std::process::ExitCode;

use callmetry_host as host;
use callmetry_worker::Worker;

mod handler;
mod inline;
mod parameters;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move { Ok(Worker::new(&config, environment.required("REPORT_WORKER")?)) })
    })
    .on_sharing("GET /api/v1/cdrs/export", |call, worker| Box::pin(handler::handle(call, worker)))
    .serve()
}
