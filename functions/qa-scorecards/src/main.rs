//! `/api/v1/qa/scorecards`

use std::process::ExitCode;

use callmetry_host as host;

mod content;
mod handler;

fn main() -> ExitCode {
    host::Routes::new()
        .on("POST /api/v1/qa/scorecards", |call| Box::pin(handler::create(call)))
        .on("GET /api/v1/qa/scorecards", |call| Box::pin(handler::list(call)))
        .on("GET /api/v1/qa/scorecards/{id}", |call| Box::pin(handler::find(call)))
        .on("PUT /api/v1/qa/scorecards/{id}", |call| Box::pin(handler::revise(call)))
        .on("DELETE /api/v1/qa/scorecards/{id}", |call| Box::pin(handler::archive(call)))
        .serve()
}
