//! Lambda: the production binaries behind the Runtime API.

mod environment;
mod invoke;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use serde_json::json;
use tokio::sync::Semaphore;

pub use environment::Measurements;
use environment::{Environment, Limits, Outcome};
pub use invoke::router;

use crate::iam::{SECRET_KEY, access_key};
use crate::template::{ACCOUNT, FunctionSettings, REGION};

/// Environments of one function at once. Lambda allows a thousand; this is one machine.
const CONCURRENCY: usize = 16;
/// Request and answer of a synchronous invocation: 6 MB each.
pub const LARGEST_PAYLOAD: usize = 6 << 20;

/// An asynchronous event: 1 MB.
pub const LARGEST_EVENT: usize = 1 << 20;
/// The folder of the stack's that has queues.
pub const QUEUES: &str = "queues";
const RETRY_PAUSE: Duration = Duration::from_secs(60);

/// All functions.
pub struct Lambda {
    functions: BTreeMap<String, Function>,
    /// A folder for each queue.
    queues: PathBuf,
}

struct Function {
    settings: FunctionSettings,
    binary: PathBuf,
    log: PathBuf,
    environment: BTreeMap<String, String>,
    idle: Mutex<Vec<Environment>>,
    permits: Arc<Semaphore>,
    invocations: AtomicU64,
}

/// What an invocation came to.
#[derive(Debug)]
pub enum Invoked {
    /// The function's answer.
    Answer(Bytes),
    /// The function failed: the error document, with `errorMessage` and `errorType`.
    Failed(Bytes),
}

impl Lambda {
    /// The functions with their binaries; `endpoints` are the `AWS_ENDPOINT_URL_*` variables. Logs and queues are kept in folders of
    /// the directory.
    pub fn new(
        settings: Vec<FunctionSettings>,
        binaries: &BTreeMap<String, PathBuf>,
        endpoints: &BTreeMap<String, String>,
        directory: &Path,
    ) -> Result<Self> {
        let log_dir = directory.join("logs");
        let functions: BTreeMap<String, Function> = settings
            .into_iter()
            .map(|settings| {
                let binary =
                    binaries.get(&settings.name).ok_or_else(|| anyhow!("functions/{} was not built", settings.name))?;
                let function = Function {
                    binary: binary.clone(),
                    log: log_dir.join(format!("{}.log", settings.name)),
                    environment: variables(&settings, endpoints),
                    idle: Mutex::default(),
                    permits: Arc::new(Semaphore::new(CONCURRENCY)),
                    invocations: AtomicU64::new(0),
                    settings,
                };
                Ok((function.settings.name.clone(), function))
            })
            .collect::<Result<_>>()?;
        // As `aws lambda get-function-configuration` shows them.
        let shown: BTreeMap<&String, &BTreeMap<String, String>> =
            functions.values().map(|function| (&function.settings.full_name, &function.settings.environment)).collect();
        std::fs::write(log_dir.join("environment.json"), serde_json::to_vec_pretty(&shown)?)?;
        Ok(Self { functions, queues: directory.join(QUEUES) })
    }

    /// Whether there is such a function, by its folder, full name or ARN.
    pub fn find(&self, name: &str) -> Option<&str> {
        let name = name.rsplit(':').next().unwrap_or(name);
        self.functions
            .values()
            .map(|f| &f.settings)
            .find(|s| s.name == name || s.full_name == name)
            .map(|s| s.name.as_str())
    }

    /// The ARN of the function of this folder.
    pub fn arn(&self, name: &str) -> String {
        let full_name = self.functions.get(name).map_or(name, |function| &function.settings.full_name);
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{full_name}")
    }

    /// Invokes a function of this folder and waits for what it comes to. Runs to its end even if the caller goes away.
    pub async fn invoke(self: &Arc<Self>, name: &str, payload: Bytes) -> Result<Invoked> {
        let (lambda, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move { lambda.run(&name, payload).await }).await?
    }

    async fn run(&self, name: &str, payload: Bytes) -> Result<Invoked> {
        let function = self.functions.get(name).ok_or_else(|| anyhow!("no function {name}"))?;
        let _permit = function.permits.acquire().await?;
        function.invocations.fetch_add(1, Ordering::Relaxed);
        let mut environment = match function.take_idle() {
            Some(environment) => environment,
            None => Environment::start(&function.binary, &function.environment, &function.log).await?,
        };
        let arn = self.arn(name);
        let (request_id, outcome) = environment.run(payload, function.limits(), &arn).await;
        match outcome {
            Outcome::Answer(answer) if answer.len() > LARGEST_PAYLOAD => {
                function.keep(environment);
                let message =
                    format!("Response payload size exceeded maximum allowed payload size ({LARGEST_PAYLOAD} bytes).");
                Ok(failed("Function.ResponseSizeTooLarge", &message))
            }
            Outcome::Answer(answer) => {
                function.keep(environment);
                Ok(Invoked::Answer(answer))
            }
            Outcome::Failed(error) => {
                function.keep(environment);
                Ok(Invoked::Failed(error))
            }
            Outcome::TimedOut => {
                let seconds = function.settings.time_out.as_secs_f64();
                let message = format!("RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds");
                Ok(failed("Sandbox.Timedout", &message))
            }
            Outcome::OutOfMemory => Ok(failed(
                "Runtime.ExitError",
                &format!("RequestId: {request_id} Error: Runtime exited with error: signal: killed"),
            )),
            Outcome::Exited => Ok(failed(
                "Runtime.ExitError",
                &format!("RequestId: {request_id} Error: Runtime exited without providing a reason"),
            )),
        }
    }

    /// Takes an asynchronous event: runs it, and again after an error, as often as the template says.
    pub fn invoke_later(self: &Arc<Self>, name: &str, payload: Bytes) {
        let (lambda, name) = (self.clone(), name.to_owned());
        let retries = self.functions.get(&name).map_or(0, |function| function.settings.retries);
        tokio::spawn(async move {
            for attempt in 0..=retries {
                // Lambda waits a minute before the second attempt and two before the third.
                tokio::time::sleep(RETRY_PAUSE * attempt).await;
                match lambda.run(&name, payload.clone()).await {
                    Ok(Invoked::Answer(_)) => return,
                    Ok(Invoked::Failed(error)) => {
                        eprintln!("{name}: {}", String::from_utf8_lossy(&error));
                        if attempt == retries {
                            lambda.bury(&name, &payload, &error);
                        }
                    }
                    Err(error) => eprintln!("{name}: {error:#}"),
                }
            }
        });
    }

    /// Puts an event into the function's dead-letter queue, which is a folder: a file for each, in the form of the records that
    /// Lambda sends to a destination.
    fn bury(&self, name: &str, payload: &[u8], error: &[u8]) {
        let settings = self.functions.get(name).map(|function| &function.settings);
        let Some(queue) = settings.and_then(|settings| settings.dead_letters.as_ref()) else { return };
        let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap_or_default();
        let record = json!({
            "version": "1.0",
            "requestContext": {"functionArn": format!("{}:$LATEST", self.arn(name)), "condition": "RetriesExhausted"},
            "requestPayload": json(payload),
            "responsePayload": json(error),
        });
        let folder = self.queues.join(queue);
        #[allow(clippy::disallowed_methods, reason = "message ids are the queue's to make")]
        let file = folder.join(format!("{}.json", uuid::Uuid::new_v4()));
        let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(file, record.to_string()));
        if let Err(error) = kept {
            eprintln!("{name}: its dead letter is lost: {error}");
        }
    }

    /// How often a function has been invoked so far, attempts counted apart.
    pub fn invocations(&self, name: &str) -> u64 {
        self.functions.get(name).map_or(0, |function| function.invocations.load(Ordering::Relaxed))
    }

    /// Waits until nothing of a function runs. The last thing that it did may be seen a little earlier.
    pub async fn settle(&self, name: &str) -> Result<()> {
        let function = self.functions.get(name).ok_or_else(|| anyhow!("no function {name}"))?;
        let _all = function.permits.acquire_many(CONCURRENCY as u32).await?;
        Ok(())
    }

    /// Start-up time and peak memory of an idle environment of a function.
    pub fn measure(&self, name: &str) -> Option<Measurements> {
        let function = self.functions.get(name)?;
        let idle = function.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        idle.iter().filter_map(Environment::measure).max_by_key(|measured| measured.peak_memory_kb)
    }

    /// What a function has logged so far, this time and before.
    pub fn logged(&self, name: &str) -> Result<String> {
        let function = self.functions.get(name).ok_or_else(|| anyhow!("no function {name}"))?;
        std::fs::read_to_string(&function.log).with_context(|| function.log.display().to_string())
    }

    /// Size of a function's binary, in bytes.
    pub fn binary_size(&self, name: &str) -> Result<u64> {
        let function = self.functions.get(name).ok_or_else(|| anyhow!("no function {name}"))?;
        Ok(std::fs::metadata(&function.binary)?.len())
    }

    /// Ends every idle environment, so that the next invocations start cold.
    pub fn forget(&self) {
        for function in self.functions.values() {
            function.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clear();
        }
    }
}

impl Function {
    fn limits(&self) -> Limits {
        Limits { time: self.settings.time_out, memory_kb: self.settings.memory_mb * 1024 }
    }

    fn take_idle(&self) -> Option<Environment> {
        let mut idle = self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        idle.retain_mut(Environment::is_alive);
        idle.pop()
    }

    fn keep(&self, environment: Environment) {
        self.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(environment);
    }
}

fn failed(kind: &str, message: &str) -> Invoked {
    Invoked::Failed(json!({"errorType": kind, "errorMessage": message}).to_string().into())
}

/// What Lambda sets, what the template says, and where the stand-ins are. Nothing else: not our own environment.
fn variables(settings: &FunctionSettings, endpoints: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut variables: BTreeMap<String, String> = [
        ("AWS_LAMBDA_FUNCTION_NAME", settings.full_name.as_str()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &settings.memory_mb.to_string()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &format!("/aws/lambda/{}", settings.full_name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", &access_key(&settings.name)),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_SESSION_TOKEN", "local"),
        ("_HANDLER", "bootstrap"),
        ("LANG", "en_US.UTF-8"),
        ("TZ", ":UTC"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    variables.extend(settings.environment.clone());
    variables.extend(endpoints.clone());
    variables
}

/// The time that the Runtime API leaves until a deadline is in milliseconds since 1970.
fn deadline_ms(time_out: Duration) -> u128 {
    #[allow(clippy::disallowed_methods, reason = "Lambda's own clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    (now + time_out).as_millis()
}
