//! The first answer of each function: its process is started, gets its event of `events/`, and answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::time::Instant;

use crate::binaries::workspace;
use crate::lambda::Invoked;
use crate::stack::{self, Stack};

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Run what is in this folder, `<function>/bootstrap` as cargo lambda leaves it, instead of building release binaries.
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// How often each function is started.
    #[arg(long, default_value_t = 5)]
    starts: usize,
}

/// The event of each function: that which has its name, or the first of those that begin with it.
fn events(functions: &[String]) -> Result<BTreeMap<String, Value>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(workspace().join("events"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let name = |file: &Path| file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let event = |function: &String| {
        let own = files.iter().find(|file| name(file) == *function);
        let for_something =
            |file: &&PathBuf| name(file).strip_prefix(function).is_some_and(|rest| rest.starts_with('-'));
        let file =
            own.or_else(|| files.iter().find(for_something)).with_context(|| format!("{function} has no event"))?;
        Ok((function.clone(), serde_json::from_slice(&std::fs::read(file)?)?))
    };
    functions.iter().map(event).collect()
}

/// How long a function takes to its first answer.
pub struct FirstAnswer {
    /// The function's folder.
    pub function: String,
    /// From the start of the process, the shortest first.
    pub times: Vec<Duration>,
    /// Bytes of the binary.
    pub binary: u64,
}

/// Starts each function so often, on a scratch database that is awake, with these binaries or release ones that are built. Fails
/// where one does not answer.
pub async fn first_answers(binaries: Option<PathBuf>, starts: usize) -> Result<Vec<FirstAnswer>> {
    let directory = tempfile::Builder::new().prefix("callmetry-cold-").tempdir()?;
    let stack = Stack::start(&stack::Options::to_measure(&directory, binaries)?).await?;
    let functions: Vec<String> = stack.template.functions()?.into_iter().map(|function| function.name).collect();
    let mut answers = Vec::new();
    for (function, event) in events(&functions)? {
        let mut times = Vec::new();
        for _ in 0..starts.max(1) {
            stack.lambda.forget();
            times.push(first_answer(&stack, &function, &event).await?);
        }
        times.sort();
        answers.push(FirstAnswer { binary: stack.lambda.binary_size(&function)?, times, function });
    }
    Ok(answers)
}

/// Measures and prints a table.
pub async fn run(options: Options) -> Result<()> {
    let answers = first_answers(options.binaries, options.starts).await?;
    println!("{:<26}{:>14}{:>14}{:>14}", "first answer (ms)", "median", "slowest", "binary (MB)");
    for FirstAnswer { function, times, binary } in answers {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let (median, slowest) = (ms(times[times.len() / 2]), ms(times[times.len() - 1]));
        println!("{function:<26}{median:>14.1}{slowest:>14.1}{:>14.1}", binary as f64 / 1e6);
    }
    Ok(())
}

/// From the start of the process to its answer. One of a route with a 5xx, or of `migrate` with an error, is none.
async fn first_answer(stack: &Stack, function: &str, event: &Value) -> Result<Duration> {
    let payload = event.to_string().into();
    let started = Instant::now();
    let answer = match stack.lambda.invoke(function, payload).await? {
        Invoked::Answer(answer) => answer,
        Invoked::Failed(error) => anyhow::bail!("{function}: {}", String::from_utf8_lossy(&error)),
    };
    let took = started.elapsed();
    let answer: Value = serde_json::from_slice(&answer).with_context(|| function.to_owned())?;
    let status = answer["statusCode"].as_u64().unwrap_or(200);
    ensure!(status < 500 && answer.get("error").is_none(), "{function}: {answer}");
    Ok(took)
}
