//! What operators and CloudFormation ask for: tenants and keys, migrations, addresses that bounced, and limits of functions.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::put;
use callmetry_local::lambda::Invoked;
use callmetry_local::stack::Stack;
use callmetry_testing::{Attempt, Campaign, Centre, private_stack, run, shared_stack};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::http::{get, request};
use crate::mails::{by_recipient, claim, due_schedules, statuses};

async fn invoke(stack: &Stack, function: &str, event: Value) -> Result<Value, String> {
    match stack.lambda.invoke(function, event.to_string().into()).await.unwrap() {
        Invoked::Answer(answer) => Ok(serde_json::from_slice(&answer).unwrap()),
        Invoked::Failed(error) => {
            let error: Value = serde_json::from_slice(&error).unwrap();
            Err(error["errorMessage"].as_str().unwrap().to_owned())
        }
    }
}

#[test]
fn a_tenant_and_its_keys_from_the_first_to_the_last_day() {
    run(async {
        let stack = shared_stack().await;
        let slug = format!("t{}", Uuid::new_v4().simple());
        let make = |name: &str| json!({"action": "create-tenant", "slug": slug, "name": name});
        let tenant = invoke(stack, "admin", make("Initech")).await.unwrap()["tenant"].clone();
        assert_eq!(invoke(stack, "admin", make("Initech")).await.unwrap()["tenant"], tenant, "once for each slug");
        let error = invoke(stack, "admin", make("Initrode")).await.unwrap_err();
        assert!(error.starts_with("slug: there is a tenant"), "{error}");
        let listed = invoke(stack, "admin", json!({"action": "list-tenants"})).await.unwrap();
        assert!(listed["tenants"].as_array().unwrap().contains(&tenant));

        let order =
            |tenant: &str| json!({"action": "create-api-key", "tenant": tenant, "user_id": "bi", "role": "supervisor"});
        let made = invoke(stack, "admin", order(&slug)).await.unwrap();
        let (key, entry) = (made["key"].as_str().unwrap(), &made["api_key"]);
        assert_eq!(
            (&entry["role"], &entry["user_id"], &entry["tenant_id"]),
            (&json!("supervisor"), &json!("bi"), &tenant["id"])
        );
        let url = format!("{}/api/v1/reports/campaigns", stack.endpoints.api);
        let answer = get(&url, Some(key)).await;
        assert_eq!((answer.status, &answer.json()["tenant_id"]), (200, &tenant["id"]));
        let listed = invoke(stack, "admin", json!({"action": "list-api-keys", "tenant": tenant["id"]})).await.unwrap();
        assert_eq!(listed["api_keys"], json!([entry]), "and nothing of the key itself");
        assert!(!listed.to_string().contains(key));

        let revoke = json!({"action": "revoke-api-key", "id": entry["id"]});
        let revoked = invoke(stack, "admin", revoke.clone()).await.unwrap();
        assert!(revoked["api_key"]["revoked_at"].is_string());
        assert_eq!(invoke(stack, "admin", revoke).await.unwrap(), revoked, "done twice it is the same");
        // The verdict of before may be kept for a minute: another key's is not.
        let other = invoke(stack, "admin", order(&slug)).await.unwrap();
        let other_id = other["api_key"]["id"].clone();
        invoke(stack, "admin", json!({"action": "revoke-api-key", "id": other_id})).await.unwrap();
        assert_eq!(get(&url, other["key"].as_str()).await.status, 401);
        for (event, part) in [
            (order("nobody"), "tenant: there is no tenant nobody"),
            (json!({"action": "revoke-api-key", "id": Uuid::nil()}), "id: there is no such key"),
            (json!({"action": "revoke-api-key", "id": "x"}), "the event: UUID parsing failed"),
            (json!({"action": "lift-suppression", "tenant": slug, "address": "ana"}), "address: must be an e-mail"),
        ] {
            let error = invoke(stack, "admin", event).await.unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    });
}

/// Takes what CloudFormation is answered.
async fn response_url() -> (String, mpsc::UnboundedReceiver<(HeaderMap, Value)>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let take = |State(sender): State<Arc<mpsc::UnboundedSender<(HeaderMap, Value)>>>,
                headers: HeaderMap,
                body: Bytes| async move {
        sender.send((headers, serde_json::from_slice(&body).unwrap())).unwrap();
        StatusCode::OK
    };
    let router = Router::new().route("/answer", put(take)).with_state(Arc::new(sender));
    let (listener, address) = callmetry_local::serve::listen(0).await.unwrap();
    callmetry_local::serve::serve(listener, router);
    (format!("http://{address}/answer"), receiver)
}

fn of_cloudformation(kind: &str, url: &str) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("../../events/migrate-cloudformation.json")).unwrap();
    event["RequestType"] = kind.into();
    event["ResponseURL"] = url.into();
    event
}

#[test]
fn cloudformation_is_always_answered() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (url, mut answers) = response_url().await;
        let mut ask = async |kind: &str| {
            let answer = invoke(&stack, "migrate", of_cloudformation(kind, &url)).await;
            let (headers, told) = answers.recv().await.unwrap();
            assert!(!headers.contains_key("content-type"), "it is not part of what was signed");
            for (field, expected) in [
                ("StackId", "arn:aws:cloudformation:eu-west-1:000000000000:stack/callmetry/example"),
                ("RequestId", "example"),
                ("LogicalResourceId", "Migrations"),
                ("PhysicalResourceId", "migrations"),
            ] {
                assert_eq!(told[field], expected);
            }
            (answer, told["Status"].as_str().unwrap().to_owned(), told["Reason"].as_str().unwrap().to_owned())
        };
        let password = async || {
            let sql = "select rolpassword from pg_authid where rolname = 'callmetry_app'";
            client.query_one(sql, &[]).await.unwrap().get::<_, String>(0)
        };
        assert_eq!(ask("Create").await.2, "There was nothing to apply.");
        // A database that sleeps is waited for.
        stack.data_api.pause(Duration::from_secs(7));
        assert_eq!(ask("Update").await.1, "SUCCESS");
        // One that is newer is left alone, also where its password is another.
        client
            .execute("insert into schema_migrations (name, checksum) values ('9999_later.sql', 'x')", &[])
            .await
            .unwrap();
        client.batch_execute("alter role callmetry_app password 'later'").await.unwrap();
        assert_eq!(ask("Update").await.1, "SUCCESS");
        let found = password().await;
        client.batch_execute("delete from schema_migrations where name = '9999_later.sql'").await.unwrap();
        assert_eq!(ask("Update").await.1, "SUCCESS");
        let again = password().await;
        assert_ne!(found, again, "the password is that of the secret again");
        // What cannot be applied is said, and Lambda does not try again.
        client
            .execute("update schema_migrations set checksum = 'x' where name = '0001_dialer_tables.sql'", &[])
            .await
            .unwrap();
        let (answer, status, reason) = ask("Update").await;
        assert_eq!(status, "FAILED");
        assert!(reason.starts_with("migration 0001_dialer_tables.sql was changed after it was applied"), "{reason}");
        assert_eq!(answer.unwrap(), json!({ "error": reason }));
        assert_eq!(ask("Delete").await.1, "SUCCESS", "whatever the database is like");
        assert_eq!(ask("Drop").await.2, "RequestType: must be Create, Update or Delete");
    });
}

#[test]
fn who_bounced_or_complained_is_mailed_no_more() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let other = Centre::new(&client).await;
        let key = centre.key("admin").await;
        let api = format!("{}/api/v1/report-schedules", stack.endpoints.api);
        let [bounces, complains, away] =
            ["bounce+X@simulator.amazonses.com", "complaint@simulator.amazonses.com", "ooto@simulator.amazonses.com"];
        let schedule = json!({"report": "agents", "cadence": "weekly", "day_of_week": 1, "hour_utc": 6,
            "recipients": [bounces, complains, away, "ana@a.example"]});
        let id = request("POST", &api, &key, Some(&schedule)).await.json()["id"].as_str().unwrap().to_owned();
        let send = async |key: &str, id: &str| {
            let sent = reqwest::Client::new()
                .post(format!("{api}/{id}/send"))
                .header("idempotency-key", Uuid::new_v4().to_string());
            assert_eq!(crate::http::send(sent, Some(key)).await.status, 202);
            claim(&stack).await
        };
        assert_eq!(send(&key, &id).await["sent"], 4);
        let log = async || {
            get(&format!("{api}/{id}/deliveries"), Some(&key)).await.json()["deliveries"].as_array().unwrap().clone()
        };
        let of = |log: &[Value], address: &str| log.iter().find(|row| row["recipient"] == address).unwrap().clone();
        for _ in 0..100 {
            if statuses(&client).await.get("sent") == Some(&1) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let first = log().await;
        assert_eq!(
            (&of(&first, bounces)["status"], &of(&first, complains)["status"]),
            (&json!("bounced"), &json!("complained"))
        );
        assert_eq!(
            (&of(&first, away)["status"], &of(&first, "ana@a.example")["status"]),
            (&json!("bounced"), &json!("sent"))
        );
        assert_eq!(
            of(&first, bounces)["error"],
            "The address bounced (Permanent, General, 5.1.1). It is mailed no more."
        );
        assert_eq!(of(&first, bounces)["attempts"], 1);
        assert!(of(&first, bounces)["message_id"].as_str().unwrap().starts_with("0102"));

        // The next time only those are mailed who may be; another tenant knows nothing of it.
        let answer = send(&key, &id).await;
        assert_eq!(answer["sent"], 2, "{answer}");
        let second = log().await;
        assert_eq!(of(&second, bounces)["status"], "suppressed");
        assert_eq!(of(&second, complains)["error"], "An earlier message to this address has complained.");
        let schedule =
            json!({"report": "agents", "cadence": "weekly", "day_of_week": 1, "hour_utc": 6, "recipients": [bounces]});
        let theirs = other.key("admin").await;
        let their_id = request("POST", &api, &theirs, Some(&schedule)).await.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(send(&theirs, &their_id).await["sent"], 1);

        // An operator lifts it.
        let ask = |action: &str, more: Value| {
            let mut event = json!({"action": action, "tenant": centre.tenant});
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            event
        };
        let listed = invoke(&stack, "admin", ask("list-suppressions", json!({}))).await.unwrap();
        let listed: Vec<_> = listed["suppressions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (&one["address"], &one["reason"]))
            .map(|(a, r)| (a.clone(), r.clone()))
            .collect();
        assert_eq!(listed, [(json!(bounces), json!("bounced")), (json!(complains), json!("complained"))]);
        let lift = ask("lift-suppression", json!({"address": bounces}));
        assert_eq!(invoke(&stack, "admin", lift.clone()).await.unwrap(), json!({"lifted": true}));
        assert_eq!(invoke(&stack, "admin", lift).await.unwrap(), json!({"lifted": false}));
        assert_eq!(send(&key, &id).await["sent"], 3);
        assert_eq!(by_recipient(&stack.endpoints.mail_dir)[bounces], 3, "two of ours, and theirs");
    });
}

#[test]
fn folds_are_looked_at_verified_and_made_anew() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let campaign = centre.campaign(Campaign::default()).await;
        let lead = centre.lead(None).await;
        for at in ["2026-10-01T09:10:00Z", "2026-10-01T15:40:00Z", "2026-10-04T23:59:59.5Z"] {
            centre.attempt(campaign, lead, at.parse().unwrap(), Attempt::default()).await;
        }
        let ask = async |action: &str, more: Value| {
            let mut event = json!({"action": action, "tenant": centre.tenant});
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            invoke(&stack, "admin", event).await
        };
        let days = json!({"from": "2026-10-01T00:00:00Z", "to": "2026-10-05T12:00:00Z"});
        let state = async || ask("fold-state", json!({})).await.unwrap()["folds"].clone();
        assert_eq!((&state().await["is_whole"], &state().await["touched_leads"]), (&json!(false), &json!(3)));

        assert!(claim(&stack).await["folded"].as_u64().unwrap() > 0);
        let folded = state().await;
        assert_eq!(
            (&folded["is_whole"], &folded["touched_leads"], &folded["touched_cells"]),
            (&json!(true), &json!(0), &json!(0))
        );
        // The window, and each of its five days, of eight reports.
        let verified = ask("verify-folds", days.clone()).await.unwrap()["verification"].clone();
        assert_eq!(verified, json!({"same": 48, "different": [], "changing": [], "is_unfinished": false}));

        client
            .execute("update folded_attempts set attempts[slots_of_day()] = attempts[slots_of_day()] + 1", &[])
            .await
            .unwrap();
        let verified = ask("verify-folds", days.clone()).await.unwrap()["verification"].clone();
        let different = verified["different"].as_array().unwrap();
        let whole = json!({"report": "campaigns", "from": "2026-10-01T00:00:00Z", "to": "2026-10-05T12:00:00Z"});
        assert!(different.contains(&whole), "{verified}");
        assert_eq!(ask("rebuild-folds", json!({})).await.unwrap(), json!({"forgotten": true}));
        assert_eq!(ask("rebuild-folds", json!({})).await.unwrap(), json!({"forgotten": false}));
        let answer = ask("verify-folds", days.clone()).await.unwrap();
        assert_eq!(answer["verification"]["different"], json!([]), "plain SQL until it is folded anew");
        assert_eq!(answer["folds"]["is_whole"], false, "which the answer says");
        claim(&stack).await;
        assert_eq!(state().await["is_whole"], true);
        let verified = ask("verify-folds", days).await.unwrap()["verification"].clone();
        assert_eq!(verified["different"], json!([]));

        for (more, part) in [
            (json!({"from": "2026-10-02T00:00:00Z", "to": "2026-10-01T00:00:00Z"}), "from: "),
            (json!({"tenant": "nobody"}), "tenant: there is no tenant nobody"),
            (json!({"form": "2026-10-02T00:00:00Z"}), "the event: unknown field `form`"),
            (json!({"from": "2026-10-02"}), "the event: `2026-10-02` is not an RFC 3339 instant"),
        ] {
            let error = ask("verify-folds", more).await.unwrap_err();
            assert!(error.starts_with(part), "{error}");
        }
    });
}

#[test]
fn in_the_sandbox_recipients_are_identities_too() {
    run(async {
        let sent = async |text: Option<String>| {
            let file = text.map(|text| {
                let file = callmetry_testing::scratch_dir("template").join("template.yaml");
                std::fs::write(&file, text).unwrap();
                file
            });
            let stack = callmetry_testing::try_stack(file, &[("MailSandbox", "on")]).await.unwrap();
            let client = stack.postgres.connect(&stack.database).await.unwrap();
            let centre = Centre::new(&client).await;
            due_schedules(&client, centre.tenant, &["agents"], 1, 2).await;
            claim(&stack).await;
            statuses(&client).await
        };
        assert_eq!(sent(None).await, [("sent".to_owned(), 2)].into());
        let text = std::fs::read_to_string(callmetry_local::binaries::workspace().join("template.yaml")).unwrap();
        let without = text.replace("${AWS::AccountId}:identity/*'", "${AWS::AccountId}:identity/x'");
        assert_eq!(
            sent(Some(without)).await,
            [("pending".to_owned(), 2)].into(),
            "held back, since the account may not"
        );
    });
}

#[test]
fn feedback_that_cannot_be_recorded_is_kept() {
    run(async {
        let stack = private_stack(&[]).await;
        assert!(invoke(&stack, "mail-feedback", json!({})).await.unwrap_err().starts_with("the event: missing field"));
        let of_nobody: Value = serde_json::from_str(include_str!("../../events/mail-feedback.json")).unwrap();
        assert_eq!(invoke(&stack, "mail-feedback", of_nobody).await.unwrap(), json!({"outcome": "unknown message"}));
    });
}

#[test]
fn a_function_that_takes_more_memory_than_it_has_is_killed() {
    run(async {
        let text = std::fs::read_to_string(callmetry_local::binaries::workspace().join("template.yaml")).unwrap();
        let file = callmetry_testing::scratch_dir("template").join("template.yaml");
        // No process gets by with that.
        std::fs::write(&file, text.replace("    MemorySize: 256\n", "    MemorySize: 4\n")).unwrap();
        let error = callmetry_testing::try_stack(Some(file), &[]).await.err().unwrap();
        assert!(format!("{error:#}").contains("Runtime exited with error: signal: killed"), "{error:#}");
    });
}

#[test]
fn every_invocation_has_one_line_and_its_metrics() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let answer = get(&format!("{}/api/v1/reports/agents", stack.endpoints.api), Some(&key)).await;
        assert_eq!(answer.status, 200);
        due_schedules(&client, centre.tenant, &["agents"], 1, 3).await;
        claim(&stack).await;
        let last = |function: &str| {
            let log = stack.lambda.logged(function).unwrap();
            let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let canonical: Vec<&Value> = lines.iter().filter(|line| line.get("duration_ms").is_some()).collect();
            assert_eq!(canonical.len() as u64, stack.lambda.invocations(function), "{function}: {log}");
            canonical[canonical.len() - 1].clone()
        };
        let line = last("report-agents");
        for field in [
            "timestamp",
            "level",
            "outcome",
            "duration_ms",
            "cold_start",
            "request_id",
            "api_request_id",
            "db_calls",
            "db_ms",
        ] {
            assert!(line.get(field).is_some(), "{field}: {line}");
        }
        let metrics = |line: &Value| -> Vec<String> {
            let directive = &line["_aws"]["CloudWatchMetrics"][0];
            assert_eq!((&directive["Namespace"], &directive["Dimensions"]), (&json!("callmetry-local"), &json!([[]])));
            let names: Vec<String> = directive["Metrics"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["Name"].as_str().unwrap().to_owned())
                .collect();
            assert!(names.iter().all(|name| line[name].is_number()), "{line}");
            names
        };
        assert_eq!(metrics(&line), ["DatabaseCalls", "DatabaseTime", "ReportLatency"]);
        let line = last("claim");
        assert_eq!(line["DigestsSent"], 3);
        assert!(line["ClaimLag"].as_i64().unwrap() >= 60, "it was due a minute ago: {line}");
        let named = metrics(&line);
        for name in
            ["DigestsFailed", "FoldStepsFailed", "MailHeldBack", "ReportsFailed", "TurnsCompleted", "DatabaseCalls"]
        {
            assert!(named.iter().any(|one| one == name), "{name}");
        }
    });
}
