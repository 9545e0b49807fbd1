//! EventBridge Scheduler's stand-in, and the tick that `admin` pauses and resumes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::error::ProvideErrorMetadata;
use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target};
use callmetry_local::postgres::Durability;
use callmetry_local::stack::{Options, Stack};
use callmetry_testing::{private_stack, run, scratch_dir};
use callmetry_tick::{State, Tick};
use chrono::Utc;
use serde_json::{Value, json};

const TICK: &str = "callmetry-local-tick";

async fn config(stack: &Stack) -> aws_config::SdkConfig {
    crate::http::aws(&stack.endpoints.aws).await
}

async fn read(client: &Client) -> GetScheduleOutput {
    client.get_schedule().name(TICK).send().await.unwrap()
}

/// Invokes `admin` as an operator would.
async fn admin(stack: &Stack, event: Value) -> Value {
    let url = format!("{}/2015-03-31/functions/admin/invocations", stack.endpoints.api);
    reqwest::Client::new().post(url).json(&event).send().await.unwrap().json().await.unwrap()
}

fn event_file(name: &str) -> Value {
    let file = callmetry_local::binaries::workspace().join("events").join(name);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Waits until `claim` has been invoked so often, and a moment longer, in which it must not be more.
async fn claims(stack: &Stack, expected: u64) {
    let started = Instant::now();
    while stack.lambda.invocations("claim") < expected {
        assert!(started.elapsed() < Duration::from_secs(60), "the tick does not fire");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(stack.lambda.invocations("claim"), expected);
}

async fn start(data_dir: PathBuf, tick: bool) -> Stack {
    let options = Options {
        data_dir,
        fresh: false,
        port: 0,
        demo: false,
        release: false,
        binaries: None,
        template: None,
        tick,
        parameters: vec![],
        durability: Durability::Scratch,
    };
    Stack::start(&options).await.unwrap()
}

#[test]
fn the_tick_fires_until_it_is_paused_also_over_a_restart_and_goes_on_when_resumed() {
    run(async {
        let directory = scratch_dir("tick");
        let stack = start(directory.clone(), true).await;
        // The first is at once; the minutes after it are made to pass here.
        claims(&stack, 1).await;
        stack.scheduler.fire(1, &stack.lambda);
        claims(&stack, 2).await;
        assert_eq!(admin(&stack, event_file("admin-pause-tick.json")).await, json!({"tick": "paused"}));
        stack.scheduler.fire(2, &stack.lambda);
        claims(&stack, 2).await;
        drop(stack);

        let stack = start(directory, true).await;
        claims(&stack, 0).await;
        assert_eq!(admin(&stack, json!({"action": "tick-state"})).await, json!({"tick": "paused"}));
        for _ in 0..2 {
            assert_eq!(admin(&stack, event_file("admin-resume-tick.json")).await, json!({"tick": "running"}));
        }
        stack.scheduler.fire(1, &stack.lambda);
        claims(&stack, 1).await;
        let log = std::fs::read_to_string(stack.endpoints_file.with_file_name("logs").join("claim.log")).unwrap();
        assert!(!log.contains("the event"), "claim takes what the tick sends: {log}");
    });
}

#[test]
fn admin_says_what_it_does_not_know() {
    run(async {
        let stack = private_stack(&[]).await;
        for (event, part) in [
            (json!({"action": "stop"}), "unknown variant `stop`, expected one of `create-tenant`"),
            (json!({"action": "tick-state", "force": true}), "unknown field `force`"),
            (json!({}), "missing field `action`"),
        ] {
            let error = admin(&stack, event).await["errorMessage"].as_str().unwrap().to_owned();
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(admin(&stack, json!({"action": "tick-state"})).await, json!({"tick": "running"}));
    });
}

#[test]
fn pausing_and_resuming_changes_nothing_else() {
    run(async {
        let stack = private_stack(&[]).await;
        let config = config(&stack).await;
        let (client, tick) = (Client::new(&config), Tick::new(&config, TICK.to_owned()));
        let original = read(&client).await;
        // As much as can be set is set, and none of it to its default.
        let target = original.target().unwrap().clone();
        let target = Target::builder()
            .arn(target.arn())
            .role_arn(target.role_arn())
            .input(r#"{"force": true}"#)
            .retry_policy(aws_sdk_scheduler::types::RetryPolicy::builder().maximum_retry_attempts(7).build())
            .dead_letter_config(aws_sdk_scheduler::types::DeadLetterConfig::builder().arn("arn:of:a:queue").build())
            .build()
            .unwrap();
        let in_a_day = DateTime::from_secs(Utc::now().timestamp() + 86_400);
        client
            .update_schedule()
            .name(TICK)
            .schedule_expression("rate(5 minutes)")
            .schedule_expression_timezone("Europe/Madrid")
            .description("Every five minutes")
            .start_date(DateTime::from_secs(Utc::now().timestamp() + 3_600))
            .end_date(in_a_day)
            .kms_key_arn("arn:of:a:key")
            .action_after_completion("DELETE".into())
            .flexible_time_window(off())
            .target(target)
            .send()
            .await
            .unwrap();
        let before = read(&client).await;
        tick.pause(Utc::now()).await.unwrap();
        assert_eq!(tick.state().await.unwrap(), State::Paused);
        let paused = read(&client).await;
        assert_eq!(without_state(&paused), without_state(&before));
        tick.resume(Utc::now()).await.unwrap();
        assert_eq!(tick.state().await.unwrap(), State::Running);
        assert_eq!(without_state(&read(&client).await), without_state(&before));
        // Once it has begun, the start is left out.
        let later = Utc::now() + chrono::TimeDelta::hours(2);
        tick.pause(later).await.unwrap();
        assert_eq!(read(&client).await.start_date(), None);
        assert_eq!(read(&client).await.end_date(), Some(&in_a_day));
    });
}

fn off() -> FlexibleTimeWindow {
    FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap()
}

/// All that an update sets, but the state.
fn without_state(schedule: &GetScheduleOutput) -> String {
    format!(
        "{:?}",
        (
            schedule.arn(),
            schedule.name(),
            schedule.group_name(),
            schedule.description(),
            schedule.schedule_expression(),
            schedule.schedule_expression_timezone(),
            schedule.start_date(),
            schedule.end_date(),
            schedule.flexible_time_window(),
            schedule.target(),
            schedule.kms_key_arn(),
            schedule.action_after_completion(),
        )
    )
}

#[test]
fn an_update_sets_what_it_is_not_told_to_its_default() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = Client::new(&config(&stack).await);
        let original = read(&client).await;
        assert!(original.description().is_some());
        let update = || {
            let target = original.target().unwrap().clone();
            client
                .update_schedule()
                .name(TICK)
                .schedule_expression("rate(1 minute)")
                .flexible_time_window(off())
                .target(target)
        };
        update().state("DISABLED".into()).send().await.unwrap();
        assert_eq!(read(&client).await.state().unwrap().as_str(), "DISABLED");
        update().send().await.unwrap();
        let after = read(&client).await;
        assert_eq!((after.description(), after.state().unwrap().as_str()), (None, "ENABLED"));

        let refused =
            async |request: aws_sdk_scheduler::operation::update_schedule::builders::UpdateScheduleFluentBuilder| {
                let error = request.send().await.unwrap_err();
                (error.raw_response().unwrap().status().as_u16(), error.code().unwrap_or_default().to_owned())
            };
        let invalid = (400, "ValidationException".to_owned());
        let past = DateTime::from_secs(Utc::now().timestamp() - 301);
        assert_eq!(refused(update().start_date(past)).await, invalid);
        assert_eq!(refused(update().schedule_expression("every minute")).await, invalid);
        assert_eq!(refused(client.update_schedule().name(TICK).flexible_time_window(off())).await, invalid);
        let missing = (404, "ResourceNotFoundException".to_owned());
        assert_eq!(refused(update().name("another")).await, missing);
        assert_eq!(refused(update().group_name("another")).await, missing);
        let error = client.get_schedule().name("another").send().await.unwrap_err();
        assert!(error.into_service_error().is_resource_not_found_exception());
    });
}
