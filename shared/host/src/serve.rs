//! Serves routes of the HTTP API.

use std::process::ExitCode;
use std::sync::Arc;

use aws_config::SdkConfig;
use callmetry_access::{Caller, Rank};
use callmetry_database::{Database, Usage};
use serde_json::Value;
use tokio::time::Instant;

use crate::event::Request;
use crate::{
    Body, BoxFuture, Call, Done, Environment, Error, Handler, IdempotencyKey, Invocation, Line, Open, Path, Query,
    Reply, StartError, accept, door, problem, run,
};

/// A route, without the role of its handler in its type.
struct Route<S> {
    key: &'static str,
    /// Whether people follow links to it: they are told of errors by a page.
    is_open: bool,
    /// The handler behind its door.
    handle: Handle<S>,
}

type Handle<S> = Box<dyn Fn(Arrival, Arc<S>) -> Answer + Send + Sync>;
type Answer = BoxFuture<'static, Result<Reply, Error>>;
/// Makes what a function's handlers share, once per process.
type Make<S> = fn(Environment, SdkConfig) -> BoxFuture<'static, Result<S, StartError>>;

/// The key of a function's only route, which the template alone names.
const ONLY: &str = "";

/// What came in, before anything of it was read.
struct Arrival {
    request: Request,
    invocation: Invocation,
    database: Database,
}

/// The metric of how long a report takes.
const REPORT_LATENCY: &str = "ReportLatency";

/// The routes of a function, and what their handlers share.
pub struct Routes<S> {
    make: Make<S>,
    routes: Vec<Route<S>>,
    latency: Option<&'static str>,
}

/// Runs a function that serves one report and needs nothing but the database. The handler's `R` is the role that it needs.
pub fn serve_report<R: Rank>(handler: fn(Call<R>) -> Answer) -> ExitCode {
    let routes = Routes::new().on(ONLY, handler);
    Routes { latency: Some(REPORT_LATENCY), ..routes }.serve()
}

impl Routes<()> {
    /// Routes whose handlers need nothing but the database.
    pub fn new() -> Self {
        Self::sharing(|_, _| Box::pin(async { Ok(()) }))
    }

    /// Adds a route, by its method and path in the template. The handler's `R` is the role that it needs.
    pub fn on<R: Rank>(self, key: &'static str, handler: fn(Call<R>) -> Answer) -> Self {
        self.add(key, false, Box::new(move |arrival, _| Box::pin(async move { handler(call(arrival).await?).await })))
    }
}

impl Default for Routes<()> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Send + Sync + 'static> Routes<S> {
    /// Routes whose handlers share what `make` makes at start-up.
    pub fn sharing(make: Make<S>) -> Self {
        Self { make, routes: vec![], latency: None }
    }

    /// Adds a route whose handler gets what all share.
    pub fn on_sharing<R: Rank>(self, key: &'static str, handler: fn(Call<R>, Arc<S>) -> Answer) -> Self {
        self.add(
            key,
            false,
            Box::new(move |arrival, shared| Box::pin(async move { handler(call(arrival).await?, shared).await })),
        )
    }

    /// Adds a route that is open to anybody.
    pub fn open(self, key: &'static str, handler: fn(Open, Arc<S>) -> Answer) -> Self {
        self.add(
            key,
            true,
            Box::new(move |Arrival { request, invocation, database }, shared| {
                let query = Query::parse(&request.raw_query_string);
                handler(Open { query, path: Path(request.path_parameters), database, now: invocation.now }, shared)
            }),
        )
    }

    fn add(mut self, key: &'static str, is_open: bool, handle: Handle<S>) -> Self {
        self.routes.push(Route { key, is_open, handle });
        self
    }

    /// Answers requests until Lambda ends the process.
    pub fn serve(self) -> ExitCode {
        run(|environment| {
            Box::pin(async move {
                let settings = environment.database()?;
                let config = Environment::aws().await;
                let database = Database::new(&config, settings);
                let shared = Arc::new((self.make)(environment, config).await?);
                let routes = Arc::new(self.routes);
                let handler: Handler = Box::new(move |event, invocation| {
                    let (database, routes, shared) = (database.clone(), routes.clone(), shared.clone());
                    Box::pin(async move {
                        let started = Instant::now();
                        let done = answer(event, invocation, database, routes, shared).await;
                        match self.latency {
                            Some(name) => Done { line: done.line.milliseconds(name, started.elapsed()), ..done },
                            None => done,
                        }
                    })
                });
                Ok(handler)
            })
        })
    }
}

/// The door, then the role, then the input: see `door.rs`.
async fn call<R: Rank>(Arrival { request, invocation, database }: Arrival) -> Result<Call<R>, Error> {
    let identity = door::identify(&request, &database, invocation.now).await?;
    Ok(Call {
        caller: Caller::admit(identity)?,
        query: Query::parse(&request.raw_query_string).accepting(request.header("accept")),
        body: Body::of(&request),
        idempotency_key: IdempotencyKey::of(request.headers.get("idempotency-key")),
        accepts_gzip: accept::gzip(request.header("accept-encoding")),
        base_url: base_url(&request),
        path: Path(request.path_parameters),
        database,
        now: invocation.now,
        deadline: invocation.deadline,
    })
}

/// API Gateway's domain, by the scheme that it was called with.
fn base_url(request: &Request) -> String {
    let scheme = if request.header("x-forwarded-proto") == "http" { "http" } else { "https" };
    format!("{scheme}://{}", request.request_context.domain_name)
}

async fn answer<S: Send + Sync + 'static>(
    event: Value,
    invocation: Invocation,
    database: Database,
    routes: Arc<Vec<Route<S>>>,
    shared: Arc<S>,
) -> Done {
    let database = database.until(invocation.deadline);
    let request: Request = serde_json::from_value(event).unwrap_or_default();
    let request_id = request.id_or(&invocation.request_id);
    let route = routes.iter().find(|route| route.key == ONLY || route.key == request.route_key);
    let is_for_people = route.is_some_and(|route| route.is_open) && accept::html(request.header("accept"));
    let result = match route {
        Some(route) => (route.handle)(Arrival { request, invocation, database: database.clone() }, shared).await,
        None => Err(Error::Internal(format!("the route {} is not served here", request.route_key))),
    };
    conclude(Outcome { result, is_for_people, request_id }, Some(database.usage()))
}

/// How a request ended.
pub(crate) struct Outcome {
    pub result: Result<Reply, Error>,
    /// Whether an error is told by a page.
    pub is_for_people: bool,
    pub request_id: String,
}

/// The answer for API Gateway, and the line. Once, here, and for operators only the line has what went wrong: the client's
/// problem document has none of it.
pub(crate) fn conclude(Outcome { result, is_for_people, request_id }: Outcome, usage: Option<&Usage>) -> Done {
    let problem = match &result {
        Err(error @ (Error::Internal(_) | Error::Unavailable(_))) => Some(error.to_string()),
        _ => None,
    };
    let reply = result.unwrap_or_else(|error| match is_for_people {
        true => problem::page(&error),
        false => problem::reply(&error, &request_id),
    });
    // API Gateway's id, which the client was given and the access log has; the invocation's own is in the line as well.
    let line = Line::new(reply.status()).with("api_request_id", request_id);
    let line = usage.into_iter().fold(line, Line::database);
    let line = problem.iter().fold(line, |line, problem| line.error(problem));
    match serde_json::to_value(reply.into_event()) {
        Ok(answer) => Done::with(line, answer),
        Err(error) => Done::failed(line, error.to_string()),
    }
}
