//! The Lambda authorizer of the HTTP API: turns a bearer token into a caller.
//!
//! It always lets the request through and says in its context what it found: `caller`, `unauthorized` or `deferred`. API
//! Gateway caches that for 60 seconds per Authorization header and for all routes, so it never depends on the route. The
//! host behind it decides.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_access::issuers;
use callmetry_database::Database;
use callmetry_host as host;

mod handler;
mod jwks;
mod jwt;

fn main() -> ExitCode {
    host::run(|environment| {
        Box::pin(async move {
            let issuers = issuers::parse(&environment.required("TRUSTED_ISSUERS")?)?;
            let database = Database::connect(environment.database()?).await;
            let authorizer = Arc::new(handler::Authorizer::new(database, issuers));
            let handler: host::Handler = Box::new(move |event, invocation| {
                let authorizer = authorizer.clone();
                Box::pin(async move { authorizer.handle(event, invocation).await })
            });
            Ok(handler)
        })
    })
}
