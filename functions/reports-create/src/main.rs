//! `POST /api/v1/reports`

use std::process::ExitCode;

use callmetry_gate::Gate;
use callmetry_host as host;
use callmetry_worker::{Desk, Worker};

mod handler;
mod order_form;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let worker = Worker::new(&config, environment.required("REPORT_WORKER")?);
            let is_used = environment.switch("TICK_GATE")?;
            let gate = Gate::new(&config, environment.required("REPORT_BUCKET")?, is_used);
            Ok(Desk { worker, gate })
        })
    })
    .on_sharing("POST /api/v1/reports", |call, desk| Box::pin(handler::handle(call, desk)))
    .serve()
}
