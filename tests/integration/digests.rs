//! Digests are sent exactly as often as they are owed, whatever happens meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use callmetry_local::ses::{Behaviour, Fault};
use callmetry_local::stack::Stack;
use callmetry_testing::{Centre, private_stack, run};
use futures::future::join_all;
use rand::{RngExt, SeedableRng};
use tokio_postgres::Client;

use crate::mails::{by_recipient, claim, claim_or_fail, due_schedules, end_leases, statuses};

const REPORTS: [&str; 5] = crate::http::REPORTS;

/// A stack with so many schedules that are due, of several tenants, each with three recipients.
async fn owing(schedules: i32, tenants: i32) -> (Stack, Client) {
    let stack = private_stack(&[]).await;
    let client = stack.postgres.connect(&stack.database).await.unwrap();
    for _ in 0..tenants {
        let centre = Centre::new(&client).await;
        due_schedules(&client, centre.tenant, &REPORTS, schedules / tenants, 3).await;
    }
    (stack, client)
}

/// Everybody got one message, and the log says so.
async fn assert_all_sent_once(stack: &Stack, client: &Client, messages: i64) {
    assert_eq!(statuses(client).await, BTreeMap::from([("sent".to_owned(), messages)]));
    let got = by_recipient(&stack.endpoints.mail_dir);
    assert_eq!(got.len() as i64, messages);
    assert_eq!(got.values().max(), Some(&1));
    let open: i64 =
        client.query_one("select count(*) from report_runs where status = 'open'", &[]).await.unwrap().get(0);
    assert_eq!(open, 0);
}

#[test]
fn many_invocations_at_once_send_everything_once() {
    run(async {
        let (stack, client) = owing(2_000, 20).await;
        let calls = stack.data_api.calls();
        // Lambda may run an event twice: sixteen at once, each of them twice.
        for outcome in join_all((0..32).map(|_| claim_or_fail(&stack))).await {
            outcome.unwrap();
        }
        assert_all_sent_once(&stack, &client, 6_000).await;
        let calls = stack.data_api.calls() - calls;
        assert!(calls <= 4 * 6_000, "{calls} calls of the database");
        let log = client
            .query_one("select count(*), count(distinct message_id), sum(attempts)::bigint from report_deliveries", &[])
            .await
            .unwrap();
        assert_eq!((log.get(0), log.get(1), log.get(2)), (6_000_i64, 6_000_i64, 6_000_i64));
    });
}

#[test]
fn what_ses_throttles_is_sent_in_the_end() {
    run(async {
        let (stack, client) = owing(60, 3).await;
        stack.ses.behave(Behaviour::every(2, Fault::Throttled));
        // One that met the throttle each time waits for a later turn.
        while claim(&stack).await["runs"] != 0 {
            end_leases(&client).await;
        }
        assert_all_sent_once(&stack, &client, 180).await;
    });
}

#[test]
fn what_ses_may_have_sent_is_not_sent_again() {
    run(async {
        let (stack, client) = owing(60, 3).await;
        stack.ses.behave(Behaviour {
            faults: vec![(9, Fault::FailsSent), (10, Fault::LosesAnswer), (11, Fault::FailsUnsent)],
            ..Behaviour::default()
        });
        claim(&stack).await;
        claim(&stack).await;
        let got = by_recipient(&stack.endpoints.mail_dir);
        assert_eq!(got.values().max(), Some(&1));
        let found = statuses(&client).await;
        let (sent, unknown) = (found["sent"], found["unknown"]);
        assert_eq!(sent + unknown, 180, "{found:?}");
        // All that were accepted, and no more than those, but for the ones that failed before.
        assert_eq!(got.len() as i64, sent + 180 / 9 + 180 / 10 - 180 / 90, "{found:?}");
        let calls = stack.ses.counts().calls;
        assert_eq!(calls, 180);
    });
}

#[test]
fn a_call_that_hangs_is_unknown_and_holds_nobody_up() {
    run(async {
        let (stack, client) = owing(10, 1).await;
        stack.ses.behave(Behaviour::every(10, Fault::HangsSent));
        claim(&stack).await;
        assert_eq!(statuses(&client).await, BTreeMap::from([("sent".to_owned(), 27), ("unknown".to_owned(), 3)]));
        assert_eq!(by_recipient(&stack.endpoints.mail_dir).len(), 30);
    });
}

#[test]
fn nothing_is_lost_while_ses_cannot_be_reached() {
    run(async {
        let (stack, client) = owing(10, 1).await;
        stack.ses.refuse_connections(true).await.unwrap();
        claim(&stack).await;
        assert_eq!(statuses(&client).await, BTreeMap::from([("pending".to_owned(), 30)]));
        stack.ses.refuse_connections(false).await.unwrap();
        end_leases(&client).await;
        claim(&stack).await;
        assert_all_sent_once(&stack, &client, 30).await;
    });
}

#[test]
fn answers_of_the_database_that_are_lost_change_nothing() {
    run(async {
        let (stack, client) = owing(200, 4).await;
        stack.data_api.lose_answers(Some(10));
        for _ in 0..4 {
            // One whose own deadline passes is followed by the next tick's.
            join_all((0..4).map(|_| claim_or_fail(&stack))).await;
        }
        stack.data_api.lose_answers(None);
        end_leases(&client).await;
        claim(&stack).await;
        assert_all_sent_once(&stack, &client, 600).await;
    });
}

#[test]
fn a_database_that_fails_over_in_the_middle_loses_nothing() {
    run(async {
        let (stack, client) = owing(300, 4).await;
        let failing = async {
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_millis(700)).await;
                stack.data_api.fail_over(&stack.postgres, Duration::from_millis(1_500)).await.unwrap();
            }
        };
        tokio::join!(join_all((0..4).map(|_| claim_or_fail(&stack))), failing);
        end_leases(&client).await;
        while claim(&stack).await["runs"] != 0 {}
        let found = statuses(&client).await;
        let got = by_recipient(&stack.endpoints.mail_dir);
        assert_eq!(got.values().max(), Some(&1));
        assert_eq!(found["sent"] + found.get("unknown").unwrap_or(&0), 900, "{found:?}");
        assert!(got.len() as i64 >= found["sent"], "{found:?}");
    });
}

#[test]
fn an_account_that_may_not_send_is_an_alarm() {
    run(async {
        let (stack, client) = owing(60, 1).await;
        stack.ses.behave(Behaviour::every(1, Fault::SendingPaused));
        let answer = claim(&stack).await;
        assert!(answer["held_back"].as_i64().unwrap() > 0, "{answer}");
        // The rest of the batch was not even tried, and no other batch taken.
        assert!(stack.ses.counts().calls <= 8);
        assert_eq!(statuses(&client).await, BTreeMap::from([("pending".to_owned(), 75)]));
        let log = std::fs::read_to_string(stack.endpoints_file.with_file_name("logs").join("claim.log")).unwrap();
        let metric = log.lines().find(|line| line.contains("CloudWatchMetrics")).unwrap();
        let metric: serde_json::Value = serde_json::from_str(metric).unwrap();
        assert_eq!(metric["MailHeldBack"], answer["held_back"]);
        assert_eq!(metric["_aws"]["CloudWatchMetrics"][0]["Namespace"], "callmetry-local");
        // Nothing personal in there.
        assert!(!log.contains('@'), "{log}");
    });
}

/// The claim processes of a stack: those that know its SES.
fn claim_processes(stack: &Stack) -> Vec<u32> {
    let ses = stack.ses.address.to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let is_claim = std::fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe.ends_with("claim"));
        let variables = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if is_claim && String::from_utf8_lossy(&variables).split('\0').any(|variable| variable.ends_with(&ses)) {
            found.push(pid);
        }
    }
    found
}

#[test]
fn a_process_that_is_killed_leaves_nothing_lost_and_sends_nothing_twice() {
    run(async {
        const KILLS: usize = 50;
        /// Messages that a process hands over side by side.
        const LANES: i64 = 8;
        let (stack, client) = owing(2_000, 20).await;
        let seed: u64 = rand::random();
        say!("seed of the kills: {seed}");
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        // As slow as the real one, so that most kills meet messages on their way.
        stack.ses.behave(Behaviour { delay: Duration::from_millis(40), ..Behaviour::default() });
        let mut killed = 0;
        for _ in 0..KILLS {
            let working = join_all((0..2).map(|_| claim_or_fail(&stack)));
            let killing = async {
                tokio::time::sleep(Duration::from_millis(dice.random_range(50..900))).await;
                let processes = claim_processes(&stack);
                for pid in &processes {
                    std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
                }
                processes.len()
            };
            killed += tokio::join!(working, killing).1;
            end_leases(&client).await;
        }
        let before = statuses(&client).await;
        say!("after {killed} kills: {before:?}");
        assert!(killed >= KILLS);
        stack.ses.behave(Behaviour::default());
        while claim(&stack).await["runs"] != 0 {
            end_leases(&client).await;
        }
        let found = statuses(&client).await;
        let unknown = found.get("unknown").copied().unwrap_or_default();
        assert_eq!(found["sent"] + unknown, 6_000, "{found:?}");
        assert!(unknown <= LANES * killed as i64, "{found:?}");
        let got = by_recipient(&stack.endpoints.mail_dir);
        assert_eq!(got.values().max(), Some(&1));
        assert!(got.len() as i64 >= found["sent"], "{found:?}");
    });
}
