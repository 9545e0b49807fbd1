//! Serves a route of the HTTP API.

use std::process::ExitCode;
use std::sync::Arc;

use callmetry_access::{Caller, Identity, Rank};
use callmetry_database::Database;
use serde_json::Value;
use tokio::time::Instant;

use crate::event::Request;
use crate::{BoxFuture, Call, Error, Handler, Invocation, Query, Reply, door, problem, run};

/// A route's handler behind the door, without the role in its type.
type Route = Arc<dyn Fn(Identity, Query, Database, &Invocation) -> Result<Answer, Error> + Send + Sync>;
type Answer = BoxFuture<'static, Result<Reply, Error>>;

/// Runs a function that serves one route. The handler's `R` is the role that it needs.
pub fn serve<R: Rank>(handler: fn(Call<R>) -> BoxFuture<'static, Result<Reply, Error>>) -> ExitCode {
    let route: Route = Arc::new(move |identity, query, database, invocation| {
        let caller = Caller::<R>::admit(identity)?;
        Ok(handler(Call { caller, query, database, now: invocation.now }))
    });
    run(|environment| {
        Box::pin(async move {
            let database = Database::connect(environment.database()?).await;
            let handler: Handler =
                Box::new(move |event, invocation| Box::pin(answer(event, invocation, database.clone(), route.clone())));
            Ok(handler)
        })
    })
}

async fn answer(event: Value, invocation: Invocation, database: Database, route: Route) -> Result<Value, String> {
    let started = Instant::now();
    let database = database.until(invocation.deadline);
    let request: Request = serde_json::from_value(event).unwrap_or_default();
    let request_id = if request.request_context.request_id.is_empty() {
        &invocation.request_id
    } else {
        &request.request_context.request_id
    };
    let outcome = handle(&request, &invocation, database.clone(), &route).await;
    // Once, here, and for operators only: the client's problem document has none of it.
    if let Err(error @ (Error::Internal(_) | Error::Unavailable(_))) = &outcome {
        tracing::error!(%error, request_id, "no answer");
    }
    let reply = outcome.unwrap_or_else(|error| problem::reply(&error, request_id));
    tracing::info!(
        outcome = reply.status(),
        duration_ms = started.elapsed().as_millis() as u64,
        cold_start = invocation.cold_start,
        db_calls = database.usage().calls(),
        db_ms = database.usage().time().as_millis() as u64,
        request_id,
    );
    serde_json::to_value(reply.into_event()).map_err(|error| error.to_string())
}

async fn handle(request: &Request, invocation: &Invocation, database: Database, route: &Route) -> Result<Reply, Error> {
    let identity = door::identify(request, &database, invocation.now).await?;
    let accept = request.headers.get("accept").map_or("", String::as_str);
    let query = Query::parse(&request.raw_query_string).accepting(accept);
    let answer = route(identity, query, database, invocation)?;
    answer.await
}
