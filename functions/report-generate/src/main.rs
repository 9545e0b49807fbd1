//! Makes the files of on-demand reports. Invoked asynchronously with `{"report_id": "rpt_..."}`; it has no route.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_database::Database;
use callmetry_files::Files;
use callmetry_gate::Gate;
use callmetry_host as host;

mod cdr_export;
mod compliance_audit;
mod draft;
mod failure;
mod handler;
mod task;
mod whole;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = host::Environment::aws().await;
            let database = Database::new(&config, environment.database()?);
            let bucket = environment.required("REPORT_BUCKET")?;
            let gate = Gate::new(&config, bucket.clone(), environment.switch("TICK_GATE")?);
            let files = Files::new(&config, bucket);
            let generator = Arc::new(handler::Generator { database, files, gate });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let generator = generator.clone();
                Box::pin(async move { generator.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
