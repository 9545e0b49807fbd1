//! `GET /api/v1/reports/{id}`

use std::process::ExitCode;

use callmetry_files::Files;
use callmetry_host as host;
use callmetry_links::Keys;

mod handler;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let secret = environment.required("SIGNING_SECRET_ARN")?;
            let keys = Keys::read(&config, secret).await.map_err(host::StartError::because)?;
            let files = Files::new(&config, environment.required("REPORT_BUCKET")?);
            Ok(handler::Shared { keys, files })
        })
    })
    .on_sharing("GET /api/v1/reports/{id}", |call, shared| Box::pin(handler::handle(call, shared)))
    .serve()
}
