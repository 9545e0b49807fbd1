//! Faults planted in the template, one by one: each is seen by a rule, by a linter, or by a walk through the stack.

use std::path::{Path, PathBuf};
use std::process::Command;

use callmetry_local::binaries::workspace;
use callmetry_testing::{run, scratch_dir, try_stack};

use crate::independent_client::python_with;
use crate::template_rules::broken_rules;
use crate::walk::walk;

/// Who sees it, and what has to be in its words.
enum Seen {
    Rule(&'static str),
    /// `.ci/lint-template`.
    Linter(&'static str),
    /// A walk through everything, on the stack that the template makes.
    Walk(&'static str),
}
use Seen::{Linter, Rule, Walk};

/// A name for it, what is found, where it is (after this text first), what takes its place, and who sees it.
const FAULTS: &[(&str, &str, &str, &str, Seen)] = &[
    (
        "a misspelt property of the authorizer",
        "",
        "EnableSimpleResponses:",
        "EnableSimpleResponse:",
        Rule("authorizer"),
    ),
    ("a version of events that nobody speaks", "", "FormatVersion: '2.0'", "FormatVersion: '3.0'", Rule("authorizer")),
    (
        "an authorizer that may not be invoked",
        "",
        "DefaultPermissions: true",
        "DefaultPermissions: false",
        Rule("authorizer"),
    ),
    ("verdicts that are kept for an hour", "", "ReauthorizeEvery: 60", "ReauthorizeEvery: 3600", Rule("authorizer")),
    (
        "a route that asks nobody",
        "  ReportsListFunction:",
        "Path: /api/v1/reports\n",
        "Path: /api/v1/reports\n            Auth:\n              Authorizer: NONE\n",
        Rule("authorizer"),
    ),
    ("a capacity that Aurora does not have", "", "MinCapacity: 0\n", "MinCapacity: 0.3\n", Rule("database")),
    ("a database without the Data API", "", "EnableHttpEndpoint: true", "EnableHttpEndpoint: false", Rule("database")),
    (
        "calls that are deleted with the stack",
        "",
        "DeletionPolicy: Snapshot",
        "DeletionPolicy: Delete",
        Rule("database"),
    ),
    ("a cron of five fields", "", "rate(1 minute)", "cron(* * * * *)", Rule("tick")),
    ("a claim that is retried", "  ClaimFunction:", "MaximumRetryAttempts: 0", "MaximumRetryAttempts: 2", Rule("tick")),
    (
        "a route without a function",
        "",
        "            Path: /api/v1/reports/agents\n",
        "            Path: /api/v1/reports/agent\n",
        Rule("routes"),
    ),
    ("two functions with one binary", "", "Binary: report-agents", "Binary: report-campaigns", Rule("functions")),
    (
        "a function that does not wait for its schema",
        "  ClaimFunction:",
        "    DependsOn: Migrations\n",
        "",
        Rule("functions"),
    ),
    (
        "a variable that nobody reads",
        "",
        "          TRUSTED_ISSUERS:",
        "          TRUSTED_ISSUER: x\n          TRUSTED_ISSUERS:",
        Rule("variables"),
    ),
    (
        "a variable that nobody sets",
        "  ReportsGetFunction:",
        "          SIGNING_SECRET_ARN: !Ref SigningSecret\n",
        "",
        Rule("variables"),
    ),
    ("a variable of all that is missing", "", "        DATABASE_NAME: callmetry\n", "", Walk("migrate: ")),
    ("a reference to nothing", "", "!Ref TickGate", "!Ref TickGates", Rule("unreadable")),
    ("a function that API Gateway does not wait for", "", "    Timeout: 29", "    Timeout: 60", Rule("times")),
    ("migrations that are not applied", "", "      Digest: ", "      Digest: 0", Rule("migrations")),
    ("files that anybody may read", "", "BlockPublicPolicy: true", "BlockPublicPolicy: false", Rule("bucket")),
    ("more than is needed", "", "Action: rds-data:ExecuteStatement", "Action: rds-data:*", Rule("policies")),
    (
        "a secret that is not the function's",
        "  ReportCampaignsFunction:",
        "!Ref ApplicationSecret",
        "!Ref MasterSecret",
        Rule("policies"),
    ),
    ("a policy of an old version", "", "Version: '2012-10-17'", "Version: '2012-10-71'", Rule("unreadable")),
    ("a misspelt property", "", "RetentionInDays:", "RetentionDays:", Linter("RetentionDays")),
    (
        "a resource that does not exist",
        "",
        "AWS::CloudWatch::Dashboard",
        "AWS::CloudWatch::Dashbord",
        Linter("AWS::CloudWatch::Dashbord"),
    ),
    (
        "an attribute that does not exist",
        "",
        "!GetAtt DeadLetters.QueueName",
        "!GetAtt DeadLetters.Name",
        Linter("QueueName"),
    ),
    (
        "a wrong action",
        "  ReportCampaignsFunction:",
        "rds-data:ExecuteStatement",
        "rds-data:ExecuteSql",
        Walk("/reports/campaigns: 500"),
    ),
    (
        "a missing permission",
        "  ReportAgentsFunction:",
        "                - rds-data:BeginTransaction\n",
        "",
        Walk("/reports/agents"),
    ),
    (
        "a permission on another object",
        "  ReportSchedulesFunction:",
        "/tick/gate.json",
        "/tick/gates.json",
        Walk("/report-schedules"),
    ),
    (
        "a tick that may not start anything",
        "  TickRole:",
        "Resource: !GetAtt ClaimFunction.Arn",
        "Resource: !GetAtt AdminFunction.Arn",
        Walk("the tick"),
    ),
    (
        "a sender that is not allowed",
        "",
        "ses:FromAddress: !Ref MailSender",
        "ses:FromAddress: !Ref MailSenderName",
        Walk("mailed to"),
    ),
    ("feedback that nobody gets", "", "detail-type: [Email Bounced,", "detail-type: [Email Bounce,", Walk("bounce")),
    (
        "memory that is not enough",
        "  ReportGenerateFunction:",
        "MemorySize: 1769",
        "MemorySize: 128",
        Walk("is not completed"),
    ),
];

fn faulty(after: &str, found: &str, instead: &str) -> String {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let begin = text.find(after).unwrap_or_else(|| panic!("there is no {after}"));
    let at = begin + text[begin..].find(found).unwrap_or_else(|| panic!("there is no {found} after {after}"));
    format!("{}{instead}{}", &text[..at], &text[at + found.len()..])
}

fn file(text: &str) -> PathBuf {
    let file = scratch_dir("template").join("template.yaml");
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn what_breaks_a_rule_is_seen() {
    for (name, after, found, instead, seen) in FAULTS {
        let broken = broken_rules(&faulty(after, found, instead));
        match seen {
            Rule(rule) => {
                let said = broken.iter().any(|one| one.starts_with(&format!("{rule}: ")));
                assert!(said, "{name}: {broken:?}");
            }
            Linter(_) | Walk(_) => assert!(broken.is_empty(), "{name} is seen by a rule: {broken:?}"),
        }
    }
}

#[test]
fn what_a_linter_knows_is_seen() {
    // With its folder: the linters are beside it.
    let python = python_with("samtranslator, cfnlint")
        .filter(|python| python.parent().is_some_and(|folder| folder != Path::new("")));
    let Some(tools) = python.as_deref().and_then(Path::parent) else {
        say!("skipped: no Python with linters; `pip install -r .ci/requirements.txt` in .venv brings them");
        return;
    };
    for (name, after, found, instead, seen) in FAULTS {
        let Linter(words) = seen else { continue };
        let template = file(&faulty(after, found, instead));
        let lint = Command::new(workspace().join(".ci/lint-template")).arg(tools).arg(template).output().unwrap();
        let said = String::from_utf8_lossy(&lint.stdout) + String::from_utf8_lossy(&lint.stderr);
        assert!(!lint.status.success() && said.contains(words), "{name}: {said}");
    }
}

#[test]
fn what_only_shows_in_use_is_seen() {
    run(async {
        let mut unseen = Vec::new();
        for (name, after, found, instead, seen) in FAULTS {
            let Walk(words) = seen else { continue };
            let template = file(&faulty(after, found, instead));
            let outcome = match try_stack(Some(template), &[]).await {
                Ok(stack) => walk(&stack).await,
                Err(error) => Err(format!("{error:#}")),
            };
            match outcome {
                Err(error) if error.contains(words) => {}
                outcome => unseen.push(format!("{name}: {outcome:?}")),
            }
        }
        assert!(unseen.is_empty(), "{unseen:#?}");
    });
}
