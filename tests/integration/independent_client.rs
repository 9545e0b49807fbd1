//! boto3 against the stand-ins of the Data API, SES and EventBridge Scheduler. Skipped, in so many words, where there is no Python with boto3.

use std::path::PathBuf;
use std::process::Command;

use callmetry_local::binaries::workspace;
use callmetry_testing::{private_stack, run};

/// A Python that has this module.
pub fn python_with(module: &str) -> Option<PathBuf> {
    let candidates = [
        std::env::var("CALLMETRY_PYTHON").ok().map(PathBuf::from),
        Some(workspace().join(".venv/bin/python")),
        Some("python3".into()),
    ];
    candidates.into_iter().flatten().find(|python| {
        Command::new(python)
            .args(["-c", &format!("import {module}")])
            .output()
            .is_ok_and(|output| output.status.success())
    })
}

#[test]
fn boto3_agrees_with_the_stand_ins() {
    let Some(python) = python_with("boto3") else {
        say!("skipped: no Python with boto3; `pip install -r .ci/requirements.txt` in .venv brings it");
        return;
    };
    run(async {
        let stack = private_stack(&[]).await;
        let (cluster, database) = stack.template.cluster().unwrap();
        let secret = stack.secrets.arn_of("callmetry_master").unwrap().to_owned();
        let script = workspace().join("tests/integration/independent_client.py");
        let (endpoint, ses) = (stack.endpoints.aws.clone(), format!("http://{}", stack.ses.address));
        let output = tokio::task::spawn_blocking(move || {
            Command::new(python).arg(script).args([endpoint, ses, cluster, secret, database]).output().unwrap()
        });
        let output = output.await.unwrap();
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    });
}
