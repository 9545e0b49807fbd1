//! Brings the database to the schema of this code. It has no route: the deployment invokes it, or an operator.

use std::process::ExitCode;
use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use callmetry_database::Database;
use callmetry_host as host;

mod cloudformation;
mod handler;
mod roles;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let config = host::Environment::aws().await;
            let roles = roles::Roles {
                client: Client::new(&config),
                secrets: vec![
                    ("callmetry_app", environment.required("APPLICATION_SECRET_ARN")?),
                    ("callmetry_admin", environment.required("ADMIN_SECRET_ARN")?),
                ],
            };
            let database = Database::new(&config, environment.database()?);
            let migrate = Arc::new(handler::Migrate { database, roles });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let migrate = migrate.clone();
                Box::pin(async move { migrate.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
