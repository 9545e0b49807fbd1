//! Brings the database to the schema of this code. It has no route: an operator, or the deployment, invokes it.

use std::process::ExitCode;
use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_sdk_secretsmanager::Client;
use callmetry_database::Database;
use callmetry_host as host;

mod handler;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
            let migrate = Arc::new(handler::Migrate {
                database: Database::new(&config, environment.database()?),
                secrets: Client::new(&config),
                application_secret: environment.required("APPLICATION_SECRET_ARN")?,
            });
            let handler: host::Handler = Box::new(move |_event, invocation| {
                let migrate = migrate.clone();
                Box::pin(async move { migrate.handle(invocation).await })
            });
            Ok(handler)
        })
    })
}
