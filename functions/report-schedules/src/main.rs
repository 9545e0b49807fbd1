//! `/api/v1/report-schedules`

use std::process::ExitCode;

use callmetry_gate::Gate;
use callmetry_host as host;

mod answer;
mod handler;
mod plan;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let is_used = environment.switch("TICK_GATE")?;
            Ok(Gate::new(&config, environment.required("REPORT_BUCKET")?, is_used))
        })
    })
    .on_sharing("POST /api/v1/report-schedules", |call, gate| Box::pin(handler::create(call, gate)))
    .on_sharing("GET /api/v1/report-schedules", |call, _| Box::pin(handler::list(call)))
    .on_sharing("GET /api/v1/report-schedules/{id}", |call, _| Box::pin(handler::find(call)))
    .on_sharing("PUT /api/v1/report-schedules/{id}", |call, gate| Box::pin(handler::change(call, gate)))
    .on_sharing("DELETE /api/v1/report-schedules/{id}", |call, _| Box::pin(handler::delete(call)))
    .on_sharing("POST /api/v1/report-schedules/{id}/send", |call, gate| Box::pin(handler::send(call, gate)))
    .on_sharing("GET /api/v1/report-schedules/{id}/deliveries", |call, _| Box::pin(handler::deliveries(call)))
    .serve()
}
