//! What operators do by hand: `{"action": "pause-tick"}` and the like. It has no route; IAM says who may invoke it.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_database::Database;
use callmetry_host as host;
use callmetry_tick::Tick;

mod action;
mod handler;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = host::Environment::aws().await;
            let database = Database::new(&config, environment.database()?);
            let tick = Tick::new(&config, environment.required("TICK_SCHEDULE")?);
            let admin = Arc::new(handler::Admin { tick, database });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let admin = admin.clone();
                Box::pin(async move { admin.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
