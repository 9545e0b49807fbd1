//! What SES was given, and schedules that are due.

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_s3::config::Credentials;
use callmetry_local::iam::{ADMINISTRATOR, SECRET_KEY};
use callmetry_local::lambda::Invoked;
use callmetry_local::stack::Stack;
use mail_parser::{Message, MessageParser};
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

/// The messages in a folder, oldest first.
pub fn messages(folder: &Path) -> Vec<Message<'static>> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let parse = |path| MessageParser::default().parse(&std::fs::read(path).unwrap()).unwrap().into_owned();
    files.into_iter().map(parse).collect()
}

/// The address that a message goes to.
pub fn recipient(message: &Message<'_>) -> String {
    message.to().unwrap().first().unwrap().address().unwrap().to_owned()
}

/// How many messages each address got.
pub fn by_recipient(folder: &Path) -> BTreeMap<String, usize> {
    messages(folder).iter().fold(BTreeMap::new(), |mut counts, message| {
        *counts.entry(recipient(message)).or_default() += 1;
        counts
    })
}

/// The link in a message's List-Unsubscribe.
pub fn unsubscribe_link(message: &Message<'_>) -> String {
    let header = message.header_raw("List-Unsubscribe").unwrap();
    let link: String = header.chars().filter(|c| !c.is_whitespace()).collect();
    link.trim_matches(['<', '>']).to_owned()
}

/// Invokes `claim` although nothing may be said to be due, and returns what it answers.
pub async fn claim(stack: &Stack) -> Value {
    match claim_or_fail(stack).await {
        Ok(answer) => answer,
        Err(error) => panic!("{error}"),
    }
}

/// The same, for invocations that may fail.
pub async fn claim_or_fail(stack: &Stack) -> Result<Value, String> {
    match stack.lambda.invoke("claim", r#"{"force": true}"#.into()).await.unwrap() {
        Invoked::Answer(answer) => Ok(serde_json::from_slice(&answer).unwrap()),
        Invoked::Failed(error) => Err(String::from_utf8_lossy(&error).into_owned()),
    }
}

/// Weekly schedules of a tenant that are due, each with its own recipients, `{schedule}-{number}@example.org`.
pub async fn due_schedules(client: &Client, tenant: Uuid, reports: &[&str], schedules: i32, recipients: i32) {
    client
        .execute(
            "with schedule as (
                 insert into report_schedules (id, tenant_id, report, cadence, day_of_week, local_time, timezone, by_hour_utc,
                     enabled, next_run_at)
                 select gen_random_uuid(), $1, ($2::text[])[1 + n % cardinality($2::text[])], 'weekly', 1, '06:00', 'UTC', true,
                     true, now() - interval '1 minute'
                 from generate_series(1, $3) as n
                 returning tenant_id, id
             )
             insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
             select tenant_id, id, id || '-' || n || '@example.org', id || '-' || n || '@example.org', n
             from schedule, generate_series(1, $4) as n",
            &[&tenant, &reports, &schedules, &recipients],
        )
        .await
        .unwrap();
}

/// How many deliveries there are of each status.
pub async fn statuses(client: &Client) -> BTreeMap<String, i64> {
    let rows = client.query("select status, count(*) from report_deliveries group by status", &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Lets the leases of processes that are dead run out.
pub async fn end_leases(client: &Client) {
    client.execute("update report_runs set available_at = now() where status = 'open'", &[]).await.unwrap();
}

/// Writes the gate's object, through S3.
pub async fn write_gate(stack: &Stack, content: &str) {
    let credentials = Credentials::new(ADMINISTRATOR, SECRET_KEY, None, None, "test");
    let config = crate::http::aws(&stack.endpoints.s3).await;
    let config = aws_sdk_s3::config::Builder::from(&config).credentials_provider(credentials).force_path_style(true);
    let bucket = stack.template.buckets().unwrap().remove(0);
    let put = aws_sdk_s3::Client::from_conf(config.build()).put_object().bucket(bucket).key("tick/gate.json");
    put.body(content.as_bytes().to_vec().into()).send().await.unwrap();
}
