//! Raw calls over HTTP: the same rows as read directly, whatever is in them, however many and while more arrive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use callmetry_local::stack::Stack;
use callmetry_testing::{Call, Campaign, Centre, run, shared_stack};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use crate::contract_files::assert_described;
use crate::http::{Answer, get, send};
use crate::mails::claim;

const WINDOW: &str = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z";

const COLUMNS: &str = "id,direction,from_number,to_number,campaign_id,campaign,agent_id,agent,lead_id,started_at,answered_at,\
                       ended_at,duration_secs,talk_secs,hangup_cause,q850_cause,disposition_code,recording_url,sentiment";
/// Those of them that hold text of somebody's choosing.
const TEXTS: [usize; 8] = [1, 2, 3, 5, 7, 14, 16, 17];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The calls of a tenant as PostgreSQL writes them, guarded and quoted by rules of our own.
async fn directly(client: &Client, tenant: Uuid, also: &str) -> String {
    let instant = |column: &str| {
        format!(
            "to_char({column} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')
                || case when date_part('microseconds', {column})::int % 1000000 = 0 then ''
                    else to_char({column} at time zone 'UTC', '.US') end || 'Z'"
        )
    };
    let sql = format!(
        "select c.id, c.direction, c.from_number, c.to_number, c.campaign_id, p.name, c.agent_id, a.name, c.lead_id,
            {}, {}, {}, floor(extract(epoch from c.ended_at) - extract(epoch from c.started_at))::bigint, c.talk_secs,
            c.hangup_cause, c.q850_cause, c.disposition_code, c.recording_url, c.sentiment
         from cdrs c left join campaigns p on p.id = c.campaign_id left join agents a on a.id = c.agent_id
         where c.tenant_id = '{tenant}' and c.started_at >= '2026-03-01Z' and c.started_at < '2026-04-01Z' {also}
         order by c.started_at, c.id",
        instant("c.started_at"),
        instant("c.answered_at"),
        instant("c.ended_at")
    );
    let mut csv = format!("{COLUMNS}\r\n");
    for message in client.simple_query(&sql).await.unwrap() {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let cells: Vec<String> = (0..row.len())
            .map(|index| {
                let mut cell = row.get(index).unwrap_or_default().to_owned();
                if TEXTS.contains(&index) && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                    cell.insert(0, '\'');
                }
                if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
            })
            .collect();
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

fn url(stack: &Stack, query: &str) -> String {
    format!("{}/api/v1/cdrs/export?{query}", stack.endpoints.api)
}

async fn export(stack: &Stack, key: &str, query: &str) -> Answer {
    get(&url(stack, query), Some(key)).await
}

/// Calls that begin at one microsecond, or one after the other.
async fn fill(client: &Client, tenant: Uuid, count: i32, start: &str, step: &str) {
    client
        .execute(
            &format!(
                "insert into cdrs (tenant_id, direction, from_number, to_number, started_at, ended_at, hangup_cause)
                 select $1, case n % 2 when 0 then 'inbound' else 'outbound' end, '+1' || n, '2', at, at + interval '61.5 seconds', 'OK'
                 from generate_series(1, $2) n, lateral (select timestamptz '{start}' + n * interval '{step}' as at) instant"
            ),
            &[&tenant, &count],
        )
        .await
        .unwrap();
}

#[test]
fn any_text_is_exported_as_it_is_but_for_the_guard() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let texts = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "say \"x\"",
            "a,b",
            "two\r\nlines",
            "back\\slash",
            "(a)",
            "🎉",
            "مرحبا",
            "",
            " ",
            "'",
            "\\",
            "\"",
            "NULL",
            ",",
        ];
        for (index, text) in texts.iter().enumerate() {
            let campaign = centre.campaign(Campaign { name: text, ..Default::default() }).await;
            let agent = centre.agent(text, None).await;
            let call =
                Call { campaign: Some(campaign), agent: Some(agent), answered: true, talk_secs: 1, hangup_cause: text };
            let id = centre.call(at("2026-03-02T10:00:00.5Z") + TimeDelta::microseconds(index as i64), call).await;
            client
                .execute(
                    "update cdrs set from_number = $2, disposition_code = $2, recording_url = $2, q850_cause = -1,
                        sentiment = -0.5, answered_at = started_at + interval '100 milliseconds' where id = $1",
                    &[&id, text],
                )
                .await
                .unwrap();
        }
        centre.call(at("2026-03-01T00:00:00Z"), Call { hangup_cause: "first instant", ..Default::default() }).await;
        centre
            .call(at("2026-04-01T00:00:00Z"), Call { hangup_cause: "first instant after", ..Default::default() })
            .await;
        let expected = directly(&client, centre.tenant, "").await;
        let answer = export(stack, &key, WINDOW).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text, expected);
        assert_eq!(answer.content_type(), "text/csv; charset=utf-8");
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(
            header("content-disposition").as_deref(),
            Some("attachment; filename=\"cdrs_2026-03-01_2026-04-01.csv\"")
        );
        assert_eq!(header("content-encoding"), None);
        // `text()` would take the mark away.
        let marked = reqwest::Client::new().get(url(stack, &format!("{WINDOW}&bom=true")));
        let marked =
            marked.header("authorization", format!("Bearer {key}")).send().await.unwrap().bytes().await.unwrap();
        assert!(marked == format!("\u{feff}{expected}").as_bytes());
        // Another reader finds the same texts, and none that a spreadsheet would take for a formula.
        let rows = crate::csv::python(&answer.text);
        assert_eq!(rows.len(), texts.len() + 1);
        for (row, text) in rows[1..].iter().zip(texts) {
            let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
            for column in ["from_number", "campaign", "agent", "hangup_cause", "disposition_code", "recording_url"] {
                assert_eq!(row[column].as_str(), Some(format!("{guard}{text}").as_str()), "{column}");
            }
            assert_eq!(
                (row["q850_cause"].as_str(), row["sentiment"].as_str(), row["lead_id"].as_str()),
                (Some("-1"), Some("-0.500"), Some(""))
            );
        }
    });
}

#[test]
fn gzip_for_who_accepts_it() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        fill(&client, centre.tenant, 100, "2026-03-05Z", "1 second").await;
        let request = reqwest::Client::new().get(url(stack, WINDOW)).header("accept-encoding", "gzip");
        let response = request.header("authorization", format!("Bearer {key}")).send().await.unwrap();
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["vary"], "Accept-Encoding");
        let bytes = response.bytes().await.unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
        assert_eq!(text, directly(&client, centre.tenant, "").await);
    });
}

#[test]
fn filters_tenants_and_bad_input() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (own, other) = (Centre::new(&client).await, Centre::new(&client).await);
        let (supervisor, platform) = (own.key("supervisor").await, own.key("platform_admin").await);
        fill(&client, own.tenant, 10, "2026-03-05Z", "1 second").await;
        fill(&client, other.tenant, 7, "2026-03-05Z", "1 second").await;
        let agent = own.agent("Ana", None).await;
        let campaign = own.campaign(Campaign::default()).await;
        own.call(at("2026-03-06T00:00:00Z"), Call { agent: Some(agent), hangup_cause: "a", ..Default::default() })
            .await;
        own.call(
            at("2026-03-06T00:00:00Z"),
            Call { campaign: Some(campaign), hangup_cause: "c", ..Default::default() },
        )
        .await;
        for (query, condition) in [
            (format!("agent_id={agent}"), format!("and c.agent_id = '{agent}'")),
            (format!("campaign_id={campaign}"), format!("and c.campaign_id = '{campaign}'")),
            ("direction=inbound".into(), "and c.direction = 'inbound'".into()),
            (format!("direction=inbound&agent_id={agent}"), "and false".into()),
            (format!("agent_id={}", Uuid::nil()), "and false".into()),
        ] {
            let answer = export(stack, &supervisor, &format!("{WINDOW}&{query}")).await;
            assert_eq!(answer.text, directly(&client, own.tenant, &condition).await, "{query}");
        }
        let foreign = format!("{WINDOW}&tenant_id={}", other.tenant);
        assert_eq!(export(stack, &supervisor, &foreign).await.status, 403);
        assert_eq!(export(stack, &platform, &foreign).await.text, directly(&client, other.tenant, "").await);
        assert_eq!(export(stack, &platform, &format!("tenant_id={}", Uuid::new_v4())).await.status, 404);
        assert_eq!(export(stack, &platform, "tenant_id=acme").await.fields(), ["tenant_id"]);
        for (query, fields) in [
            ("format=csv", vec!["format"]),
            ("direction=both&bom=1", vec!["direction", "bom"]),
            ("agent_id=x&campaign_id=y&from=z", vec!["from", "campaign_id", "agent_id"]),
            ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", vec!["from"]),
        ] {
            let answer = export(stack, &supervisor, query).await;
            assert_eq!(
                (answer.status, answer.fields()),
                (400, fields.iter().map(|field| (*field).to_owned()).collect()),
                "{query}"
            );
        }
    });
}

#[test]
fn a_thousand_calls_in_one_microsecond_and_more_than_a_page() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        // Pages of 1,500 end within the same microsecond, at its border, and before and after it.
        fill(&client, centre.tenant, 1_000, "2026-03-05T00:00:00.000001Z", "0").await;
        fill(&client, centre.tenant, 4_000, "2026-03-05T00:00:00.000002Z", "0").await;
        fill(&client, centre.tenant, 1_000, "2026-03-05T00:00:00.000003Z", "1 microsecond").await;
        let expected = directly(&client, centre.tenant, "").await;
        assert_eq!(expected.lines().count(), 6_001);
        let answer = export(stack, &key, WINDOW).await;
        assert!(answer.text == expected, "{} bytes instead of {}", answer.text.len(), expected.len());
    });
}

#[test]
fn calls_that_arrive_meanwhile_are_there_whole_or_not_at_all() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        fill(&client, centre.tenant, 8_000, "2026-03-05Z", "2 milliseconds").await;
        let before = directly(&client, centre.tenant, "").await;
        let writer = stack.postgres.connect(&stack.database).await.unwrap();
        let tenant = centre.tenant;
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let rounds = Arc::new(AtomicU32::new(0));
        let written = rounds.clone();
        let writing = tokio::spawn(async move {
            // Everywhere between those that are there, in the end more than a page has room for.
            while stopped.try_recv().is_err() {
                fill(&writer, tenant, 200, "2026-03-05T00:00:00.001Z", "80 milliseconds").await;
                written.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        // Four at least, and as many as it takes until much was written meanwhile.
        for number in 0.. {
            if number >= 4 && rounds.load(Ordering::Relaxed) > 10 {
                break;
            }
            let answer = export(stack, &key, WINDOW).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let after = directly(&client, centre.tenant, "").await;
            let known: BTreeSet<&str> = after.split("\r\n").collect();
            let rows: Vec<&str> = answer.text.split("\r\n").filter(|row| !row.is_empty()).collect();
            assert!(rows.iter().all(|row| known.contains(row)), "a row that is none");
            let distinct: BTreeSet<&str> = rows.iter().copied().collect();
            assert_eq!(distinct.len(), rows.len(), "a row twice");
            assert!(
                before.split("\r\n").filter(|row| !row.is_empty()).all(|row| distinct.contains(row)),
                "a row is missing"
            );
            let keys: Vec<(&str, &str)> =
                rows[1..].iter().map(|row| (row.split(',').nth(9).unwrap(), row.split(',').next().unwrap())).collect();
            // As texts: with and without a fraction sort alike once they have the same length.
            let sortable = |key: &(&str, &str)| {
                (format!("{:0<27}", key.0.trim_end_matches('Z').replace('.', "")), key.1.to_owned())
            };
            assert!(keys.windows(2).all(|pair| sortable(&pair[0]) < sortable(&pair[1])), "out of order");
        }
        stop.send(()).unwrap();
        writing.await.unwrap();
    });
}

/// Calls whose texts no compression makes small: about 6 KB each.
async fn fill_wide(client: &Client, tenant: Uuid, count: i32) {
    client
        .execute(
            "insert into cdrs (tenant_id, direction, from_number, to_number, started_at, ended_at, hangup_cause, recording_url)
             select $1, 'inbound', '1', '2', at, at, 'OK', (select string_agg(md5(random()::text || n || m), '') from generate_series(1, 180) m)
             from generate_series(1, $2) n, lateral (select timestamptz '2026-03-05Z' + n * interval '1 second' as at) instant",
            &[&tenant, &count],
        )
        .await
        .unwrap();
}

pub async fn finished(stack: &Stack, key: &str, location: &str) -> Value {
    for _ in 0..600 {
        let answer = get(&format!("{}{location}", stack.endpoints.api), Some(key)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        if answer.json()["status"] != "generating" {
            return answer.json();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{location} is never finished");
}

fn without_redirects() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[test]
fn what_fits_into_no_answer_becomes_a_job() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (centre, other) = (Centre::new(&client).await, Centre::new(&client).await);
        let (key, platform) = (centre.key("supervisor").await, other.key("platform_admin").await);
        fill_wide(&client, centre.tenant, 3_200).await;

        let query = format!("{WINDOW}&direction=inbound");
        let answer = export(stack, &key, &query).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let receipt = answer.json();
        assert_described("/api/v1/cdrs/export", "202", &receipt);
        let id = receipt["report_id"].as_str().unwrap().to_owned();
        assert_eq!((receipt["type"].as_str(), receipt["format"].as_str()), (Some("cdr_export"), Some("csv")));
        let location = answer.headers["location"].to_str().unwrap().to_owned();
        assert_eq!(location, format!("/api/v1/reports/{id}"));

        // The same query in other words is the same job; another query, or another caller, is another.
        for same in [
            format!("direction=inbound&{WINDOW}"),
            format!("{query}&bom=false&tenant_id={}", centre.tenant),
            "direction=inbound&from=2026-03-01T01:00:00%2B01:00&to=2026-04-01T00:00:00.000Z".into(),
        ] {
            assert_eq!(export(stack, &key, &same).await.json()["report_id"], id.as_str(), "{same}");
        }
        let foreign = export(stack, &platform, &format!("{query}&tenant_id={}", centre.tenant)).await;
        assert_eq!(foreign.status, 202, "{}", foreign.text);
        assert_ne!(foreign.json()["report_id"], id.as_str());

        let report = finished(stack, &key, &location).await;
        assert_eq!(report["status"], "completed", "{report}");
        assert_described("/api/v1/reports/{id}", "200", &report);
        assert_eq!(report["filters"], serde_json::json!({"direction": "inbound"}));
        assert_eq!(
            (report["from"].as_str(), report["to"].as_str()),
            (Some("2026-03-01T00:00:00Z"), Some("2026-04-01T00:00:00Z"))
        );
        let link = report["download_url"].as_str().unwrap();
        let redirect = without_redirects().get(link).send().await.unwrap();
        assert_eq!(redirect.status(), 302);
        assert_eq!(
            (&redirect.headers()["cache-control"], &redirect.headers()["referrer-policy"]),
            (&"no-store".parse().unwrap(), &"no-referrer".parse().unwrap())
        );
        let file = get(link, None).await;
        assert_eq!(file.status, 200, "{}", file.text);
        assert!(file.text == directly(&client, centre.tenant, "").await, "{} bytes", file.text.len());
        assert!(file.text.len() > 16 << 20, "several parts");
        assert_eq!(file.content_type(), "text/csv; charset=utf-8");
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"cdrs_2026-03-01_2026-04-01.csv\"");

        // Whose it is to read is who asked: the platform admin's own tenant, though the rows are another's.
        let foreign_location = foreign.headers["location"].to_str().unwrap();
        assert_eq!(get(&format!("{}{foreign_location}", stack.endpoints.api), Some(&key)).await.status, 404);
        let foreign_report = finished(stack, &platform, foreign_location).await;
        assert_eq!(get(foreign_report["download_url"].as_str().unwrap(), None).await.text, file.text);

        altered_links_are_refused(link).await;

        // Past 90 days there is a row and no file.
        client
            .execute("update on_demand_reports set completed_at = now() - interval '90 days' where id = $1", &[&id])
            .await
            .unwrap();
        let expired = get(&format!("{}{location}", stack.endpoints.api), Some(&key)).await.json();
        assert_eq!((&expired["download_url"], &expired["file_expired"]), (&Value::Null, &Value::Bool(true)));
        assert_eq!(get(link, None).await.status, 410);
    });
}

async fn altered_links_are_refused(link: &str) {
    let (start, token) = link.split_once("token=").unwrap();
    let (token, expires) = token.split_once("&expires=").unwrap();
    let later: i64 = expires.parse::<i64>().unwrap() + 1;
    let other = start.replace("/rpt_", "/rpt_x");
    for altered in [
        format!("{start}token={token}&expires={later}"),
        format!("{start}token={}{}&expires={expires}", if token.starts_with('A') { 'B' } else { 'A' }, &token[1..]),
        format!("{start}token=&expires={expires}"),
        format!("{other}token={token}&expires={expires}"),
        format!("{}token={token}&expires={expires}", start.replace(".csv", ".pdf")),
        start.trim_end_matches('?').to_owned(),
    ] {
        let answer = get(&altered, None).await;
        assert_eq!((answer.status, answer.content_type()), (403, "application/problem+json"), "{altered}");
    }
}

/// The files of a report that are in the bucket.
pub fn files_of(stack: &Stack, tenant: Uuid, report: &str) -> Vec<String> {
    let folder = stack.endpoints.bucket_dir.join(format!("reports/{tenant}/{report}"));
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// A report to be made, as an order leaves it.
async fn ordered(client: &Client, tenant: Uuid) -> String {
    let id = format!("rpt_{}", &Uuid::new_v4().simple().to_string()[..16]);
    client
        .execute(
            "insert into on_demand_reports (id, tenant_id, user_id, subject_tenant_id, type, format, from_at, to_at)
             values ($1, $2, 'u', $2, 'cdr_export', 'csv', '2026-03-01Z', '2026-04-01Z')",
            &[&id, &tenant],
        )
        .await
        .unwrap();
    id
}

pub async fn generate(stack: &Stack, report: &str) -> Result<Value, Value> {
    let event = serde_json::json!({ "report_id": report }).to_string();
    match stack.lambda.invoke("report-generate", event.into()).await.unwrap() {
        callmetry_local::lambda::Invoked::Answer(answer) => Ok(serde_json::from_slice(&answer).unwrap()),
        callmetry_local::lambda::Invoked::Failed(error) => Err(serde_json::from_slice(&error).unwrap()),
    }
}

async fn row(client: &Client, report: &str) -> BTreeMap<String, Option<String>> {
    let sql = format!("select status, attempts, error, created_at from on_demand_reports where id = '{report}'");
    let messages = client.simple_query(&sql).await.unwrap();
    let row = messages
        .iter()
        .find_map(|message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None })
        .unwrap();
    row.columns()
        .iter()
        .enumerate()
        .map(|(index, column)| (column.name().to_owned(), row.get(index).map(str::to_owned)))
        .collect()
}

#[test]
fn an_event_that_is_delivered_twice_makes_one_file() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        fill(&client, centre.tenant, 2_000, "2026-03-05Z", "1 second").await;
        let report = ordered(&client, centre.tenant).await;
        let outcomes = tokio::join!(generate(stack, &report), generate(stack, &report), generate(stack, &report));
        let done = |outcome: &Result<Value, Value>| outcome.as_ref().unwrap()["outcome"] == "completed";
        assert_eq!(
            [&outcomes.0, &outcomes.1, &outcomes.2].into_iter().filter(|outcome| done(outcome)).count(),
            1,
            "{outcomes:?}"
        );
        assert_eq!(generate(stack, &report).await.unwrap()["outcome"], "nothing to do");
        assert_eq!(files_of(stack, centre.tenant, &report).len(), 1);
        let file = files_of(stack, centre.tenant, &report).pop().unwrap();
        let path = stack.endpoints.bucket_dir.join(format!("reports/{}/{report}/{file}", centre.tenant));
        assert!(std::fs::read_to_string(path).unwrap() == directly(&client, centre.tenant, "").await);
        assert_eq!(generate(stack, "rpt_0000000000000000").await.unwrap()["outcome"], "nothing to do");
    });
}

#[test]
fn a_worker_that_died_is_followed_by_another() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        fill(&client, centre.tenant, 10, "2026-03-05Z", "1 second").await;
        let key = centre.key("supervisor").await;
        let died = |attempts: i32, ended: &'static str| {
            let (client, tenant) = (&client, centre.tenant);
            async move {
                let report = ordered(client, tenant).await;
                let sql = "update on_demand_reports set lease_token = gen_random_uuid(), attempts = $2,
                    lease_until = now() + ($3::text)::interval where id = $1";
                client.execute(sql, &[&report, &attempts, &ended]).await.unwrap();
                report
            }
        };
        let report = died(1, "-1 second").await;
        // Nor is there one for ever.
        let hopeless = died(3, "-1 second").await;
        claim(stack).await;
        assert_eq!(finished(stack, &key, &format!("/api/v1/reports/{report}")).await["status"], "completed");
        // Not while it may still be alive.
        let alive = died(1, "1 minute").await;
        assert_eq!(generate(stack, &alive).await.unwrap()["outcome"], "nothing to do");
        assert_eq!(finished(stack, &key, &format!("/api/v1/reports/{hopeless}")).await["status"], "failed");
    });
}

#[test]
fn more_calls_than_are_planned_at_once() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        // A plan is of 180 pages of 1,500 calls; thousands begin together where the first plan ends.
        fill(&client, centre.tenant, 266_000, "2026-03-05Z", "1 millisecond").await;
        fill(&client, centre.tenant, 9_000, "2026-03-06Z", "0").await;
        let key = centre.key("supervisor").await;
        let answer = export(stack, &key, WINDOW).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let report = finished(stack, &key, answer.headers["location"].to_str().unwrap()).await;
        let file = get(report["download_url"].as_str().unwrap(), None).await.text;
        let expected = directly(&client, centre.tenant, "").await;
        assert_eq!(expected.matches("\r\n").count(), 275_001);
        assert!(file == expected, "{} bytes instead of {}", file.len(), expected.len());
    });
}

#[test]
fn an_attempt_that_lost_its_lease_leaves_no_file() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        fill_wide(&client, centre.tenant, 500).await;
        let report = ordered(&client, centre.tenant).await;
        let taking_over = async {
            // Somebody takes it over as soon as it is taken.
            for _ in 0..5_000 {
                let taken = client
                    .execute("update on_demand_reports set lease_token = gen_random_uuid() where id = $1 and lease_token is not null", &[&report])
                    .await
                    .unwrap();
                if taken == 1 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            panic!("it is never taken");
        };
        let (outcome, ()) = tokio::join!(generate(stack, &report), taking_over);
        assert_eq!(outcome.unwrap()["outcome"], "overtaken");
        assert_eq!(files_of(stack, centre.tenant, &report), Vec::<String>::new());
        assert_eq!(row(&client, &report).await["status"].as_deref(), Some("generating"));
    });
}

#[test]
fn a_bucket_that_takes_nothing_is_tried_three_times() {
    run(async {
        let stack = callmetry_testing::private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        fill(&client, centre.tenant, 10, "2026-03-05Z", "1 second").await;
        let report = ordered(&client, centre.tenant).await;
        let bucket = stack.endpoints.bucket_dir.clone();
        let aside = bucket.with_extension("aside");
        std::fs::rename(&bucket, &aside).unwrap();
        std::fs::write(&bucket, "no folder").unwrap();
        for attempt in 1..=2 {
            generate(&stack, &report).await.unwrap_err();
            let row = row(&client, &report).await;
            assert_eq!(
                (row["status"].as_deref(), row["attempts"].as_deref()),
                (Some("generating"), Some(attempt.to_string().as_str()))
            );
            // Asking does not use the attempts up: there is a pause, shorter than Lambda's.
            assert_eq!(generate(&stack, &report).await.unwrap()["outcome"], "nothing to do");
            let sql = "update on_demand_reports set lease_until = lease_until - interval '50 seconds' where id = $1";
            client.execute(sql, &[&report]).await.unwrap();
        }
        assert_eq!(generate(&stack, &report).await.unwrap()["outcome"], "failed");
        let key = centre.key("supervisor").await;
        let failed = get(&format!("{}/api/v1/reports/{report}", stack.endpoints.api), Some(&key)).await.json();
        assert_eq!(
            (failed["status"].as_str(), failed["error"].as_str()),
            (Some("failed"), Some("It could not be made. Try again later."))
        );
        assert_described("/api/v1/reports/{id}", "200", &failed);
        // Another order, when the bucket is back.
        std::fs::remove_file(&bucket).unwrap();
        std::fs::rename(&aside, &bucket).unwrap();
        let report = ordered(&client, centre.tenant).await;
        assert_eq!(generate(&stack, &report).await.unwrap()["outcome"], "completed");
    });
}

#[test]
fn reports_are_their_tenants_own() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (own, other) = (Centre::new(&client).await, Centre::new(&client).await);
        let report = ordered(&client, own.tenant).await;
        let path = |query: &str| format!("{}/api/v1/reports/{report}{query}", stack.endpoints.api);
        assert_eq!(get(&path(""), Some(&own.key("supervisor").await)).await.json()["status"], "generating");
        let foreign = get(&path(""), Some(&other.key("platform_admin").await)).await;
        assert_eq!((foreign.status, foreign.json()["detail"].as_str()), (404, Some("There is no such report.")));
        assert_eq!(
            get(&path(&format!("?tenant_id={}", own.tenant)), Some(&other.key("platform_admin").await)).await.fields(),
            ["tenant_id"]
        );
        let key = own.key("admin").await;
        for other in ["x", "%00", "/", ""] {
            let url = format!("{}/api/v1/reports/rpt_{other}", stack.endpoints.api);
            assert_eq!(get(&url, Some(&key)).await.status, 404, "{other}");
        }
        let unsigned =
            send(without_redirects().get(format!("{}/signed/{report}.csv", stack.endpoints.api)), None).await;
        assert_eq!(unsigned.status, 403);
    });
}
