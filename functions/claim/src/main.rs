//! Claims what is due and sends it, and folds what dialers touched. Invoked by the tick every minute, and by hand; it has no route.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_database::Database;
use callmetry_digests::{Digests, Sender};
use callmetry_files::Files;
use callmetry_gate::Gate;
use callmetry_host as host;
use callmetry_links::Keys;
use callmetry_worker::Worker;

mod handler;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = host::Environment::aws().await;
            let keys = Keys::read(&config, environment.required("SIGNING_SECRET_ARN")?).await;
            let sender =
                Sender::new(&environment.required("MAIL_FROM")?, Some(environment.required("MAIL_CONFIGURATION_SET")?));
            let bucket = environment.required("REPORT_BUCKET")?;
            let gate = Gate::new(&config, bucket.clone(), environment.switch("TICK_GATE")?);
            let claim = Arc::new(handler::Claim {
                database: Database::new(&config, environment.database()?),
                digests: Digests {
                    sender: sender.map_err(|why| host::StartError::because(format!("MAIL_FROM {why}")))?,
                    keys: keys.map_err(host::StartError::because)?,
                    public_url: environment.required("PUBLIC_URL")?,
                    gate,
                    worker: Worker::new(&config, environment.required("REPORT_WORKER")?),
                    files: Files::new(&config, bucket),
                    config,
                },
            });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let claim = claim.clone();
                Box::pin(async move { claim.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
