//! `POST /api/v1/reports`

use std::process::ExitCode;

use callmetry_gate::Gate;
use callmetry_host as host;
use callmetry_worker::Worker;

mod handler;
mod order_form;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let worker = Worker::new(&config, environment.required("REPORT_WORKER")?);
            let is_used = environment.switch("TICK_GATE")?;
            let gate = Gate::new(&config, environment.required("REPORT_BUCKET")?, is_used);
            Ok(handler::Shared { worker, gate })
        })
    })
    .on_sharing("POST /api/v1/reports", |call, shared| Box::pin(handler::handle(call, shared)))
    .serve()
}
