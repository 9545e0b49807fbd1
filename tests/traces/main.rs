//! What the tests before this one left behind has no secret and nobody's data in it: the logs of all functions and of the gateway,
//! dead letters, mails, the variables of functions, and the answers that were errors.
//!
//! Cargo runs the tests of a package in the order of their names, so this is after `integration`. Alone it finds nothing to look at,
//! and says so.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folders that tests have left.
fn folders() -> Vec<PathBuf> {
    let all = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    all.filter(|entry| entry.file_name().to_string_lossy().starts_with("callmetry-test-"))
        .map(|entry| entry.path())
        .collect()
}

fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            // A secret of Secrets Manager is JSON itself.
            Ok(inner @ Value::Object(_)) => texts(&inner, found),
            // Names of roles are no secrets.
            _ if text.len() < 20 => {}
            _ => drop(found.insert(text.clone())),
        },
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Every password, signing key and API key of a stack.
fn secrets(stack: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in ["secrets.json", "tokens.json"] {
        if let Ok(bytes) = std::fs::read(stack.join(file)) {
            texts(&serde_json::from_slice(&bytes).unwrap(), &mut found);
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { files(&entry.path(), found) } else { found.push(entry.path()) }
    }
}

/// A mail as its recipient reads it: its parts decoded. Anything else as it is.
fn read(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if file.extension().is_some_and(|extension| extension == "eml") {
        let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        for part in &message.parts {
            text.push('\n');
            text.push_str(&String::from_utf8_lossy(part.contents()));
        }
    }
    text
}

/// Of what a stack, or a client of it, wrote.
fn written(stack: &Path, parts: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    parts.iter().for_each(|part| files(&stack.join(part), &mut found));
    found
}

/// What looks like a key, a token of a signed link or of a session, or a password.
const SECRET_FORMS: [&str; 4] =
    [r"cm_[0-9A-Za-z]{38}", r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.", r"[?&]token=[\w.-]{10,}", r"(?i)password\W{1,4}\w{12,}"];
/// What looks like somebody's address or number.
const PERSONAL_FORMS: [&str; 2] = [r"[\w.+-]+@[\w-]+\.[\w.-]+", r"\+\d{7,}"];

fn forms(patterns: &[&str]) -> regex::RegexSet {
    regex::RegexSet::new(patterns).unwrap()
}

#[test]
fn no_secret_and_nothing_personal_is_left_behind() {
    let (secret_forms, personal_forms) = (forms(&SECRET_FORMS), forms(&PERSONAL_FORMS));
    let (mut looked_at, mut problems) = (0, Vec::new());
    for folder in folders() {
        let secrets = secrets(&folder);
        let mut look = |parts: &[&str], is_foul: &dyn Fn(&str) -> bool| {
            for file in written(&folder, parts) {
                let text = read(&file);
                looked_at += 1;
                let has_secret = secrets.iter().any(|secret| text.contains(secret.as_str()));
                let foul = text.lines().find(|line| is_foul(line));
                if has_secret || foul.is_some() {
                    problems.push(format!("{}: {}", file.display(), foul.unwrap_or("a secret of the stack")));
                }
            }
        };
        // The deployment's own address is nobody's.
        look(&["logs"], &|line| {
            secret_forms.is_match(line) || personal_forms.is_match(&line.replace("reports@example.com", ""))
        });
        // A dead letter has the event, which for feedback is a message's.
        look(&["queues", "errors"], &|line| secret_forms.is_match(line));
        // A mail is to somebody, and has their own links.
        look(&["mail"], &|_| false);
    }
    if looked_at == 0 {
        assert!(std::env::var("CI").is_err(), "the tests before this one have left nothing");
        writeln!(std::io::stderr(), "skipped: there are no traces of tests; `cargo test --workspace` leaves some").ok();
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{} of {looked_at} files: {problems:#?}", problems.len());
}
