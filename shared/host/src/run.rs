//! Start-up, and the loop over invocations that all functions share.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SubsecRound, Utc};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use tokio::time::Instant;
use tracing_subscriber::EnvFilter;

use crate::{BoxFuture, Done, Environment, StartError};

/// Time that is kept back of the function's own, to answer in.
const RESERVE: Duration = Duration::from_millis(1_000);

/// One invocation.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// Lambda's request id.
    pub request_id: String,
    /// When to give up: shortly before Lambda would.
    pub deadline: Instant,
    /// Now.
    pub now: DateTime<Utc>,
    /// Whether this is the first of its process.
    pub cold_start: bool,
}

/// Answers events.
pub type Handler = Box<dyn Fn(Value, Invocation) -> BoxFuture<'static, Done> + Send + Sync>;

/// Runs a function: makes its handler once, then answers events until Lambda ends the process.
pub fn run<F>(make: F) -> ExitCode
where
    F: FnOnce(Environment) -> BoxFuture<'static, Result<Handler, StartError>>,
{
    log();
    let namespace = match Environment::new().required("METRICS_NAMESPACE") {
        Ok(namespace) => namespace,
        Err(error) => return fail(&error),
    };
    let made = make(Environment::new());
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(async { invoke_forever(made.await.map_err(|error| error.to_string())?, &namespace).await }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    tracing::error!(%error, "the function could not start or lost the Runtime API");
    ExitCode::FAILURE
}

async fn invoke_forever(handler: Handler, namespace: &str) -> Result<(), String> {
    let cold = AtomicBool::new(true);
    let service = service_fn(|event: LambdaEvent<Value>| {
        let invocation = invocation(&event.context, cold.swap(false, Ordering::Relaxed));
        let done = handler(event.payload, invocation.clone());
        async move {
            let started = Instant::now();
            let Done { answer, line } = done.await;
            line.with("duration_ms", started.elapsed().as_millis() as u64)
                .with("cold_start", invocation.cold_start)
                .with("request_id", invocation.request_id)
                .write(namespace, invocation.now);
            // Else the error's type would be that of Rust's text.
            answer.map_err(|message| Diagnostic { error_type: "Error".into(), error_message: message })
        }
    });
    lambda_runtime::run(service).await.map_err(|error| error.to_string())
}

#[allow(clippy::disallowed_methods, reason = "the clock is read here, once an invocation")]
fn invocation(context: &lambda_runtime::Context, cold_start: bool) -> Invocation {
    let until = UNIX_EPOCH + Duration::from_millis(context.deadline);
    let remaining = until.duration_since(SystemTime::now()).unwrap_or_default();
    Invocation {
        request_id: context.request_id.clone(),
        deadline: Instant::now() + remaining.saturating_sub(RESERVE),
        // In microseconds, as the database keeps instants.
        now: Utc::now().trunc_subsecs(6),
        cold_start,
    }
}

fn log() {
    // One JSON object a line; CloudWatch adds the time.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .without_time()
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::new("info"))
        .init();
}
