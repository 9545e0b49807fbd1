//! `GET /api/v1/reports/{id}`

use std::process::ExitCode;

use callmetry_host as host;
use callmetry_links::Keys;

mod handler;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let secret = environment.required("SIGNING_SECRET_ARN")?;
            Keys::read(&config, secret).await.map_err(host::StartError::because)
        })
    })
    .on_sharing("GET /api/v1/reports/{id}", |call, keys| Box::pin(handler::handle(call, keys)))
    .serve()
}
