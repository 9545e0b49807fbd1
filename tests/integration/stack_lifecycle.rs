//! `cargo local` itself: its data survives a kill -9, it ends everything that it started, and `Invoke` works at AWS's path.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use callmetry_local::binaries;
use callmetry_testing::{run, scratch_dir};
use serde_json::{Value, json};

use crate::http::get;

struct Running {
    child: Child,
    endpoints: Value,
}

/// Starts the stack as its own process and waits until it serves.
async fn start(data_dir: &Path, more: &[&str]) -> Running {
    let built = binaries::build(&["callmetry-local".to_owned()], false).unwrap();
    // A stack that was killed leaves its file behind.
    std::fs::remove_file(data_dir.join("endpoints.json")).ok();
    let child = Command::new(&built["callmetry-local"])
        .args(["--port", "0", "--data-dir"])
        .arg(data_dir)
        .args(more)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let file = data_dir.join("endpoints.json");
    let started = Instant::now();
    while !file.exists() {
        assert!(started.elapsed() < Duration::from_secs(300), "it does not serve");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Running { child, endpoints: serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap() }
}

impl Running {
    fn text(&self, pointer: &str) -> String {
        self.endpoints.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer}")).to_owned()
    }

    async fn report(&self, report: &str) -> Value {
        let url = format!("{}/api/v1/reports/{report}", self.text("/api"));
        let answer = get(&url, Some(&self.text("/tokens/acme/supervisor"))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    fn signal(&mut self, signal: &str) {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    /// Also when a test fails in between.
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Processes that have this folder in their command line (the stack, PostgreSQL), or this address in their environment
/// (functions).
fn processes(folder: &Path, address: &str) -> usize {
    let folder = folder.to_string_lossy().into_owned();
    let has = |entry: &std::fs::DirEntry, file: &str, text: &str| {
        std::fs::read(entry.path().join(file)).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    };
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    all.filter(|entry| has(entry, "cmdline", &folder) || has(entry, "environ", address)).count()
}

#[test]
fn the_demo_survives_a_kill_and_nothing_is_left_running() {
    run(async {
        let directory = scratch_dir("cli");
        let mut first = start(&directory, &[]).await;
        for report in ["campaigns", "agents", "dispositions"] {
            assert!(!first.report(report).await["rows"].as_array().unwrap().is_empty(), "{report}");
        }
        assert!(first.report("compliance").await["abandonment"]["breaches"].as_i64().unwrap() > 0);
        let calls = first.report("call-volume?from=2020-01-01T00:00:00Z").await["totals"].clone();
        assert!(calls["total_calls"].as_i64().unwrap() > 1_000);
        let token = first.text("/tokens/acme/supervisor");
        first.signal("-KILL");

        let mut second = start(&directory, &["--no-demo"]).await;
        assert_eq!(second.text("/tokens/acme/supervisor"), token, "keys are kept");
        assert_eq!(second.report("call-volume?from=2020-01-01T00:00:00Z").await["totals"], calls);
        let (mail, bucket) = (second.text("/mail_dir"), second.text("/bucket_dir"));
        assert!(Path::new(&mail).is_dir() && Path::new(&bucket).is_dir());
        assert!(second.endpoints.pointer("/tokens/platform_admin").is_some());
        let address = second.text("/aws");
        assert!(processes(&directory, &address) > 4, "the stack, PostgreSQL, and the functions that were called");
        second.signal("-INT");
        for _ in 0..100 {
            if processes(&directory, &address) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} processes are left", processes(&directory, &address));
    });
}

#[test]
fn fresh_throws_only_the_stacks_own_files_away() {
    run(async {
        let directory = scratch_dir("fresh");
        std::fs::create_dir_all(directory.join("logs")).unwrap();
        std::fs::write(directory.join("logs/mine.log"), "mine").unwrap();
        // Nothing in the folder is a stack's yet.
        let mut first = start(&directory, &["--no-demo", "--no-tick", "--fresh"]).await;
        assert!(directory.join("logs/mine.log").exists());
        let token = first.text("/tokens/acme/supervisor");
        first.signal("-TERM");
        assert!(!directory.join("endpoints.json").exists(), "it serves no longer");
        let mut second = start(&directory, &["--no-demo", "--no-tick", "--fresh"]).await;
        assert_ne!(second.text("/tokens/acme/supervisor"), token);
        assert_eq!(second.report("campaigns").await["rows"], json!([]));
        second.signal("-TERM");
    });
}

#[test]
fn functions_are_invoked_by_folder_name() {
    run(async {
        let directory = scratch_dir("invoke");
        let mut stack = start(&directory, &["--no-demo", "--no-tick"]).await;
        let invoke = async |name: &str, kind: &str, body: &str| {
            let url = format!("{}/2015-03-31/functions/{name}/invocations", stack.text("/api"));
            let response = reqwest::Client::new()
                .post(url)
                .header("x-amz-invocation-type", kind)
                .body(body.to_owned())
                .send()
                .await
                .unwrap();
            let error = response.headers().get("x-amz-function-error").map(|value| value.to_str().unwrap().to_owned());
            (response.status().as_u16(), error, response.text().await.unwrap())
        };
        let event = std::fs::read_to_string(binaries::workspace().join("events/migrate.json")).unwrap();
        assert_eq!(invoke("migrate", "RequestResponse", &event).await, (200, None, json!({"applied": []}).to_string()));
        assert_eq!(invoke("callmetry-local-migrate", "DryRun", "{}").await.0, 204);
        let log = directory.join("logs/migrate.log");
        let runs = || std::fs::read_to_string(&log).unwrap().matches("migrated").count();
        let before = runs();
        assert_eq!(invoke("migrate", "Event", &event).await.0, 202);
        let started = Instant::now();
        while runs() == before {
            assert!(started.elapsed() < Duration::from_secs(30), "the event was not run");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(invoke("migrate", "Later", &event).await.0, 400);
        assert_eq!(invoke("nobody", "RequestResponse", "{}").await.0, 404);
        assert_eq!(invoke("migrate", "RequestResponse", "{").await.0, 400);
        // A route's function without API Gateway before it lets nobody in.
        let (status, error, body) = invoke("report-agents", "RequestResponse", "{}").await;
        assert_eq!((status, error), (200, None));
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["statusCode"], 401);
        stack.signal("-TERM");
    });
}

#[test]
fn a_second_stack_on_the_same_data_is_refused() {
    run(async {
        let directory = scratch_dir("twice");
        let mut first = start(&directory, &["--no-demo", "--no-tick"]).await;
        let built = binaries::build(&["callmetry-local".to_owned()], false).unwrap();
        let second = Command::new(&built["callmetry-local"])
            .args(["--port", "0", "--no-demo", "--data-dir"])
            .arg(&directory)
            .output()
            .unwrap();
        assert!(!second.status.success());
        assert!(String::from_utf8_lossy(&second.stderr).contains("another `cargo local` is using"), "{second:?}");
        assert_eq!(first.report("campaigns").await["rows"], json!([]));
        first.signal("-TERM");
    });
}
