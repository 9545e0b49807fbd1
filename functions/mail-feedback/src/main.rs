//! What SES says of messages after they were sent: bounces and complaints, from EventBridge. It has no route.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_database::Database;
use callmetry_host as host;

mod event;
mod handler;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let feedback =
                Arc::new(handler::MailFeedback { database: Database::connect(environment.database()?).await });
            let handler: host::Handler = Box::new(move |event, invocation| {
                let feedback = feedback.clone();
                Box::pin(async move { feedback.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
