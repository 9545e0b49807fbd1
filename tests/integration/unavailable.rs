//! The database asleep, stopped and started again: the right answer late or 503, never 500, and it recovers by itself.

use std::time::{Duration, Instant};

use callmetry_database::{Database, Error, Params, Settings, Sql};
use callmetry_local::stack::Stack;
use callmetry_testing::{Centre, private_stack, run};
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::http::{Answer, get};

#[test]
fn a_database_that_wakes_for_twenty_seconds_is_waited_for() {
    run(async {
        let stack = private_stack(&[]).await;
        let key = &stack.endpoints.tokens.tenants["acme"]["supervisor"];
        stack.data_api.pause(Duration::from_secs(20));
        let started = Instant::now();
        // The authorizer gives up after 5 seconds and defers; the function waits on, for the key and for the report.
        let url = format!("{}/api/v1/reports/campaigns", stack.endpoints.api);
        let unknown = callmetry_access::ApiKey::generate().unwrap();
        let (known, unknown, malformed) =
            tokio::join!(get(&url, Some(key)), get(&url, Some(unknown.reveal())), async {
                let answer = get(&url, Some("cm_mistyped")).await;
                (answer, started.elapsed())
            });
        assert_eq!(known.status, 200, "{}", known.text);
        assert_eq!(unknown.status, 401, "{}", unknown.text);
        assert_eq!(malformed.0.status, 401);
        assert!(malformed.1 < Duration::from_secs(10), "a malformed key does not wait for the database");
        assert!(started.elapsed() >= Duration::from_secs(19));
        // The deferred verdict is cached and still resolved each time.
        let again = get(&url, Some(key)).await;
        assert_eq!(again.status, 200);
    });
}

#[test]
fn a_database_that_does_not_wake_in_time_is_503() {
    run(async {
        let stack = private_stack(&[]).await;
        let key = &stack.endpoints.tokens.tenants["acme"]["supervisor"];
        stack.data_api.pause(Duration::from_secs(3_600));
        let answer = get(&format!("{}/api/v1/reports/agents", stack.endpoints.api), Some(key)).await;
        assert_eq!((answer.status, answer.content_type()), (503, "application/problem+json"), "{}", answer.text);
        assert_eq!(answer.headers["retry-after"], "15");
        assert_eq!(answer.json()["status"], 503);
    });
}

/// A report in mid-request, with its address and key: it waits for a lock that this client holds.
async fn waiting_report(stack: &Stack, client: &Client) -> (String, String, JoinHandle<Answer>) {
    let key = Centre::new(client).await.key("supervisor").await;
    let url = format!("{}/api/v1/reports/campaigns", stack.endpoints.api);
    assert_eq!(get(&url, Some(&key)).await.status, 200);
    client.batch_execute("begin; lock table dial_attempts in access exclusive mode").await.unwrap();
    let request = tokio::spawn({
        let (url, key) = (url.clone(), key.clone());
        async move { get(&url, Some(&key)).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!request.is_finished());
    (url, key, request)
}

#[test]
fn a_database_that_stops_in_mid_request_is_asked_again() {
    run(async {
        let mut stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (url, key, request) = waiting_report(&stack, &client).await;
        stack.postgres.stop();
        tokio::time::sleep(Duration::from_secs(2)).await;
        stack.postgres.resume().await.unwrap();
        let answer = request.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(get(&url, Some(&key)).await.status, 200);
    });
}

#[test]
fn a_database_that_stays_away_is_503_and_comes_back() {
    run(async {
        let mut stack = private_stack(&[]).await;
        let key = stack.endpoints.tokens.tenants["acme"]["supervisor"].clone();
        let url = format!("{}/api/v1/reports/dispositions", stack.endpoints.api);
        assert_eq!(get(&url, Some(&key)).await.status, 200);
        stack.postgres.stop();
        let answer = get(&url, Some(&key)).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
        stack.postgres.resume().await.unwrap();
        assert_eq!(get(&url, Some(&key)).await.status, 200);
    });
}

#[test]
fn an_export_that_is_not_there_in_time_becomes_a_job() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let url = format!("{}/api/v1/cdrs/export", stack.endpoints.api);
        // An empty export, which is in time; and the caller is known from now on.
        assert_eq!(get(&url, Some(&key)).await.status, 200);
        stack.data_api.pause(Duration::from_secs(22));
        let started = Instant::now();
        let answer = get(&url, Some(&key)).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        assert!(started.elapsed() >= Duration::from_secs(20), "{:?}", started.elapsed());
    });
}

#[test]
fn a_cluster_that_fails_over_is_waited_for() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (.., request) = waiting_report(&stack, &client).await;
        let started = Instant::now();
        stack.data_api.fail_over(&stack.postgres, Duration::from_secs(3)).await.unwrap();
        client.batch_execute("rollback").await.unwrap();
        let answer = request.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(started.elapsed() >= Duration::from_secs(3), "there was no database to answer earlier");
    });
}

#[test]
fn a_write_whose_answer_is_lost_is_committed() {
    run(async {
        let stack = private_stack(&[]).await;
        let centre = stack.postgres.connect(&stack.database).await.unwrap();
        let (cluster_arn, name) = stack.template.cluster().unwrap();
        let secret_arn = stack.secrets.arn_of("callmetry_master").unwrap().to_owned();
        let settings = Settings { cluster_arn, secret_arn, database: name };
        let database = Database::new(&crate::http::aws(&stack.endpoints.aws).await, settings);
        let insert = |slug: &str| {
            let sql = Sql::new("-- t\ninsert into tenants (slug, name) values (:slug::text, 'x')");
            let (database, params) = (database.clone(), Params::new().text("slug", slug));
            async move { database.write::<()>(sql, params).await }
        };
        let slugs = async || -> Vec<String> {
            let rows = centre.query("select slug from tenants where name = 'x' order by slug", &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        };
        stack.data_api.lose_answers(Some(2));
        insert("a").await.unwrap();
        assert!(matches!(insert("b").await, Err(Error::OutcomeUnknown(_))));
        insert("c").await.unwrap();
        assert_eq!(slugs().await, ["a", "b", "c"]);
        // A read is asked again.
        let count = Sql::new("-- t\nselect count(*)::text as value from tenants where name = 'x'");
        #[derive(serde::Deserialize)]
        struct One {
            value: String,
        }
        assert_eq!(database.read::<One>(count, Params::new()).await.unwrap()[0].value, "3");
        stack.data_api.lose_answers(None);
        for slug in ["d", "e"] {
            insert(slug).await.unwrap();
        }
    });
}
