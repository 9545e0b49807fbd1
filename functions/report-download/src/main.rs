//! `GET /signed/{file}`: open to whoever has the link.

use std::process::ExitCode;

use callmetry_files::Files;
use callmetry_host as host;
use callmetry_links::Keys;

mod handler;

fn main() -> ExitCode {
    host::Routes::sharing(|environment, config| {
        Box::pin(async move {
            let secret = environment.required("SIGNING_SECRET_ARN")?;
            let keys = Keys::read(&config, secret).await;
            let keys = keys.map_err(host::StartError::because)?;
            let files = Files::new(&config, environment.required("REPORT_BUCKET")?);
            Ok(handler::Download { keys, files })
        })
    })
    .open("GET /signed/{file}", |call, download| Box::pin(handler::handle(call, download)))
    .serve()
}
