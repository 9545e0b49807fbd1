//! `/unsubscribe`: open to whoever has the link of a mail.

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
    .open("GET /unsubscribe", |call, keys| Box::pin(handler::ask(call, keys)))
    .open("POST /unsubscribe", |call, keys| Box::pin(handler::unsubscribe(call, keys)))
    .serve()
}
