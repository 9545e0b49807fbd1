//! Makes the files of on-demand reports. Invoked asynchronously with `{"report_id": "rpt_..."}`; it has no route.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_database::Database;
use callmetry_files::Files;
use callmetry_host as host;

mod cdr_export;
mod handler;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = host::Environment::aws().await;
            let database = Database::new(&config, environment.database()?);
            let files = Files::new(&config, environment.required("REPORT_BUCKET")?);
            let generator = Arc::new(handler::Generator { database, files });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let generator = generator.clone();
                Box::pin(async move { generator.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
