//! Builds the production binaries of the functions, and finds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The workspace, which is where this crate was built from.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The binaries that `cargo lambda` has left in a folder: `<function>/bootstrap`.
pub fn found(functions: &[String], folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
    let binary = |name: &String| {
        let file = folder.join(name).join("bootstrap");
        ensure!(file.is_file(), "there is no {}", file.display());
        Ok((name.clone(), file))
    };
    functions.iter().map(binary).collect()
}

/// Builds all functions with cargo and returns their binaries by name.
pub fn build(functions: &[String], release: bool) -> Result<BTreeMap<String, PathBuf>> {
    #[allow(clippy::disallowed_methods, reason = "cargo tells its children where it is")]
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace()).args(["build", "--bins", "--message-format=json-render-diagnostics"]);
    for function in functions {
        command.args(["-p", function]);
    }
    if release {
        command.arg("--release");
    }
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    ensure!(output.status.success(), "the functions could not be built");
    let binaries = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact")
        .filter_map(|message| Some((message.target?, message.executable?)))
        .filter(|(target, _)| target.kind.iter().any(|kind| kind == "bin"))
        .map(|(target, executable)| (target.name, executable))
        .collect();
    Ok(binaries)
}
