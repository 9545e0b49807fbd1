//! One execution environment: a process of a function and the Runtime API that it polls.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::deadline_ms;

/// A process, its Runtime API, and the way to hand it events.
pub struct Environment {
    child: Child,
    server: JoinHandle<()>,
    events: mpsc::Sender<Event>,
    api: Arc<Api>,
    broken: bool,
}

struct Api {
    queue: AsyncMutex<mpsc::Receiver<Event>>,
    /// The invocation that runs, with its request id.
    running: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
    started: Instant,
    first_poll: OnceLock<Duration>,
}

struct Event {
    request_id: String,
    headers: HeaderMap,
    payload: Bytes,
    answer: oneshot::Sender<Outcome>,
}

/// How an invocation ended.
#[derive(Debug)]
pub enum Outcome {
    Answer(Bytes),
    Failed(Bytes),
    TimedOut,
    Exited,
    /// It had more memory than the function may have, and was killed.
    OutOfMemory,
}

/// What an invocation may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub time: Duration,
    pub memory_kb: u64,
}

/// How often a process that works is asked for its memory.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What was measured of an environment.
#[derive(Clone, Copy, Debug)]
pub struct Measurements {
    /// From the start of the process to its first poll of the Runtime API.
    pub ready_after: Duration,
    /// The most memory that the process had, in KB.
    pub peak_memory_kb: u64,
}

impl Environment {
    /// Starts a process with exactly these variables; its output goes to the log.
    pub async fn start(binary: &Path, variables: &BTreeMap<String, String>, log: &Path) -> Result<Self> {
        let (events, queue) = mpsc::channel(1);
        let (listener, address) = crate::serve::listen(0).await?;
        let api = Arc::new(Api {
            queue: AsyncMutex::new(queue),
            running: Mutex::default(),
            started: Instant::now(),
            first_poll: OnceLock::new(),
        });
        let server = crate::serve::serve(listener, router(api.clone()));
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let child = Command::new(binary)
            .env_clear()
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C is for us; we end the process. Should we be killed, it loses the Runtime API and ends by itself.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        Ok(Self { child, server, events, api, broken: false })
    }

    /// Runs one event to its end. What Lambda counts as memory is the most that the process ever had, so that is looked at after
    /// the answer as well.
    pub async fn run(&mut self, payload: Bytes, limits: Limits, arn: &str) -> (String, Outcome) {
        #[allow(clippy::disallowed_methods, reason = "request ids are Lambda's to make")]
        let request_id = uuid::Uuid::new_v4().to_string();
        let (answer, outcome) = oneshot::channel();
        let event =
            Event { request_id: request_id.clone(), headers: headers(&request_id, limits.time, arn), payload, answer };
        if self.events.send(event).await.is_err() {
            self.broken = true;
            return (request_id, Outcome::Exited);
        }
        let process = self.child.id();
        let outcome = tokio::select! {
            outcome = outcome => outcome.unwrap_or(Outcome::Exited),
            _ = self.child.wait() => Outcome::Exited,
            () = tokio::time::sleep(limits.time) => Outcome::TimedOut,
            () = exceeds(process, limits.memory_kb) => Outcome::OutOfMemory,
        };
        let outcome = match peak_memory_kb(process) {
            Some(peak) if peak > limits.memory_kb => Outcome::OutOfMemory,
            _ => outcome,
        };
        if matches!(outcome, Outcome::TimedOut | Outcome::Exited | Outcome::OutOfMemory) {
            self.broken = true;
            self.child.start_kill().ok();
        }
        (request_id, outcome)
    }

    /// Whether it can take another event.
    pub fn is_alive(&mut self) -> bool {
        !self.broken && matches!(self.child.try_wait(), Ok(None))
    }

    /// Start-up time and peak memory, where the system tells.
    pub fn measure(&self) -> Option<Measurements> {
        Some(Measurements {
            ready_after: *self.api.first_poll.get()?,
            peak_memory_kb: peak_memory_kb(self.child.id())?,
        })
    }
}

/// The most memory that a process ever had, where the system tells.
fn peak_memory_kb(process: Option<u32>) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process?)).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches(" kB").parse().ok()
}

/// Waits until a process has had more memory than this.
async fn exceeds(process: Option<u32>, memory_kb: u64) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if peak_memory_kb(process).is_some_and(|peak| peak > memory_kb) {
            return;
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn headers(request_id: &str, time_out: Duration, arn: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let trace = format!("Root=1-{:08x}-{}", deadline_ms(Duration::ZERO) / 1000, &request_id.replace('-', "")[..24]);
    for (name, value) in [
        ("lambda-runtime-aws-request-id", request_id.to_owned()),
        ("lambda-runtime-deadline-ms", deadline_ms(time_out).to_string()),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
        ("lambda-runtime-trace-id", trace),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    headers
}

fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::disable())
        .with_state(api)
}

async fn next(State(api): State<Arc<Api>>) -> Response {
    api.first_poll.get_or_init(|| api.started.elapsed());
    let Some(event) = api.queue.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    *api.running() = Some((event.request_id, event.answer));
    (event.headers, event.payload).into_response()
}

async fn response(State(api): State<Arc<Api>>, UrlPath(id): UrlPath<String>, body: Bytes) -> Response {
    api.finish(&id, Outcome::Answer(body))
}

async fn error(State(api): State<Arc<Api>>, UrlPath(id): UrlPath<String>, body: Bytes) -> Response {
    api.finish(&id, Outcome::Failed(body))
}

async fn init_error(State(api): State<Arc<Api>>, body: Bytes) -> Response {
    let running = api.running().take();
    if let Some((_, answer)) = running {
        answer.send(Outcome::Failed(body)).ok();
    }
    accepted()
}

impl Api {
    fn running(&self) -> std::sync::MutexGuard<'_, Option<(String, oneshot::Sender<Outcome>)>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn finish(&self, id: &str, outcome: Outcome) -> Response {
        let mut running = self.running();
        match running.take() {
            Some((current, answer)) if current == id => {
                answer.send(outcome).ok();
                accepted()
            }
            other => {
                *running = other;
                let body = json!({"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"});
                (StatusCode::BAD_REQUEST, body.to_string()).into_response()
            }
        }
    }
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, json!({"status": "OK"}).to_string()).into_response()
}
