//! On-demand reports over HTTP: ordered, made, read in every format, listed, cancelled; links; keys; bad input.

use std::collections::{BTreeMap, BTreeSet};

use callmetry_access::TenantScope;
use callmetry_links::{File, Keys};
use callmetry_local::stack::Stack;
use callmetry_testing::{Centre, private_stack, run, shared_stack};
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use futures::future::join_all;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::contract_files::assert_described;
use crate::exports::{finished, generate};
use crate::http::{Answer, get, request, send};

pub const TYPES: [&str; 5] =
    ["call_summary", "qa_performance", "compliance_audit", "agent_coaching", "campaign_performance"];

/// A centre that worked for two weeks of January 2024: calls, attempts, states, evaluations and checks.
pub async fn january(client: &Client, tenant: Uuid) {
    let sql = format!(
        "insert into dispositions (tenant_id, code, label, category, is_sale)
            values ('{tenant}', 'SALE', 'Sale', 'contact', true), ('{tenant}', 'NO', 'Not interested', 'contact', false);
         insert into campaigns (tenant_id, name) select '{tenant}', 'Campaign ' || n from generate_series(1, 3) n;
         insert into agents (tenant_id, name) select '{tenant}', 'Agent ' || n from generate_series(1, 5) n;
         insert into leads (tenant_id, phone) select '{tenant}', '+1' || n from generate_series(1, 50) n;
         create temp table who on commit drop as
            select n, timestamptz '2024-01-15 08:00Z' + n * interval '23 minutes' as at,
                (select id from campaigns where tenant_id = '{tenant}' and name = 'Campaign ' || 1 + n % 3) as campaign,
                (select id from agents where tenant_id = '{tenant}' and name = 'Agent ' || 1 + n % 5) as agent,
                (select id from leads where tenant_id = '{tenant}' and phone = '+1' || 1 + n % 50) as lead
            from generate_series(1, 800) n;
         insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at, ended_at,
                talk_secs, hangup_cause, disposition_code, sentiment, recording_url)
            select '{tenant}', campaign, agent, 'outbound', '+1', '+2', at, case when n % 4 > 0 then at end,
                at + interval '1 minute', case when n % 4 > 0 then 10 + n % 47 else 0 end, 'OK',
                case when n % 4 > 0 then case when n % 9 = 0 then 'SALE' else 'NO' end end, (n % 21 - 10) / 10.0, 'https://x/' || n
            from who;
         insert into dial_attempts (tenant_id, campaign_id, lead_id, agent_id, attempted_at, answered_by, disposition_code)
            select '{tenant}', campaign, lead, agent, at, case when n % 3 > 0 then 'human' end,
                case when n % 3 > 0 then case when n % 7 = 0 then 'SALE' else 'NO' end end
            from who;
         insert into agent_state_intervals (tenant_id, agent_id, state, entered_at, left_at)
            select '{tenant}', agent, (array['available', 'busy', 'wrap', 'break'])[1 + n / 5 % 4], at, at + interval '7 minutes'
            from who;
         insert into qa_scorecards (id, tenant_id) values ('{tenant}', '{tenant}');
         insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions)
            values ('{tenant}', '{tenant}', 1, 'Card', 80, '[]');
         insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers,
                score, passed, points, submitted_at)
            select '{tenant}', id, agent_id, 'e', '{tenant}', 1, 'submitted', '{{}}', 60 + n % 41, 60 + n % 41 >= 80,
                jsonb_build_array(
                    jsonb_build_object('question_id', 'q1', 'text', 'Greeting Compliance', 'points', n % 11, 'weight', 10),
                    jsonb_build_object('question_id', 'q2', 'text', 'Product Pitch Accuracy', 'points', n % 21, 'weight', 20)),
                started_at + interval '1 hour'
            from (select *, row_number() over (order by started_at, id) as n from cdrs where tenant_id = '{tenant}') as call
            where n % 3 = 0;
         insert into compliance_checks (tenant_id, call_id, agent_id, campaign_id, rule, severity, passed, detail, checked_at)
            select '{tenant}', id, agent_id, campaign_id, 'Rule ' || n % 4, (array['low', 'medium', 'high', 'critical'])[1 + n % 4],
                n % 6 > 0, case when n % 2 = 0 then '=said \"x\", ' || n end, started_at
            from (select *, row_number() over (order by started_at, id) as n from cdrs where tenant_id = '{tenant}') as call;"
    );
    client.batch_execute(&format!("begin; {sql} commit;")).await.unwrap();
}

pub fn url(stack: &Stack, path: &str) -> String {
    format!("{}/api/v1/reports{path}", stack.endpoints.api)
}

pub async fn order(stack: &Stack, key: &str, body: &Value) -> Answer {
    request("POST", &url(stack, ""), key, Some(body)).await
}

/// Orders a report that is taken, and waits until it is completed or failed.
pub async fn made(stack: &Stack, key: &str, body: &Value) -> Value {
    let answer = order(stack, key, body).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    finished(stack, key, answer.headers["location"].to_str().unwrap()).await
}

fn week(kind: &str, format: &str) -> Value {
    json!({"type": kind, "from": "2024-01-22", "to": "2024-01-28", "format": format})
}

#[test]
fn the_walkthrough() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        january(&client, centre.tenant).await;
        let key = centre.key("admin").await;
        let body = json!({
            "type": "qa_performance", "from": "2024-01-22", "to": "2024-01-28", "format": "json",
            "schedule": {"frequency": "weekly", "day_of_week": "monday", "time": "06:00", "email": "qa-team@yourcompany.com"}
        });
        let answer = order(stack, &key, &body).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let receipt = answer.json();
        assert_described("post /api/v1/reports", "202", &receipt);
        let id = receipt["report_id"].as_str().unwrap();
        assert!(id.starts_with("rpt_") && id.len() == 20);
        let next: DateTime<Utc> = receipt["schedule"]["next_run_at"].as_str().unwrap().parse().unwrap();
        assert_eq!((next.weekday(), next.hour(), next.minute()), (Weekday::Mon, 6, 0));
        assert!(next > Utc::now() && next <= Utc::now() + TimeDelta::days(7));
        let expected = json!({"report_id": id, "type": "qa_performance", "status": "generating", "format": "json",
            "scheduled": true, "schedule": {"frequency": "weekly", "day_of_week": "monday", "time": "06:00",
            "timezone": "UTC", "email": "qa-team@yourcompany.com", "next_run_at": receipt["schedule"]["next_run_at"]},
            "created_at": receipt["created_at"]});
        assert_eq!(receipt, expected);

        let report = finished(stack, &key, &format!("/api/v1/reports/{id}")).await;
        assert_described("/api/v1/reports/{id}", "200", &report);
        assert_eq!(report["status"], "completed", "{report}");
        assert_eq!((&report["from"], &report["to"]), (&json!("2024-01-22"), &json!("2024-01-28")));
        assert_eq!((&report["filters"], &report["scheduled"]), (&json!({}), &json!(true)));
        let data = &report["data"];
        let fields: Vec<&String> = data.as_object().unwrap().keys().collect();
        let order = [
            "calls_evaluated",
            "overall_score",
            "pass_rate",
            "parameter_breakdown",
            "trend",
            "by_agent",
            "by_campaign",
        ];
        assert_eq!(fields, order);
        assert!(data["calls_evaluated"].as_i64().unwrap() > 100);
        assert_eq!(data["parameter_breakdown"][0]["parameter"], "Greeting Compliance");
        assert_eq!(data["trend"][0]["week"], "2024-W04");

        // Listed while it carries a schedule, and as soon as it does not any more, not.
        let listed = get(&url(stack, "?type=qa_performance&status=completed&limit=10"), Some(&key)).await.json();
        assert_described("/api/v1/reports", "200", &listed);
        assert_eq!((&listed["total"], &listed["limit"], &listed["offset"]), (&json!(1), &json!(10), &json!(0)));
        let mut without_data = report.clone();
        without_data.as_object_mut().unwrap().shift_remove("data");
        assert_eq!(listed["reports"], json!([without_data]));
        assert_eq!(get(&url(stack, "?scheduled=true"), Some(&key)).await.json()["total"], 1);
        for _ in 0..2 {
            let cancelled = request("DELETE", &url(stack, &format!("/{id}/schedule")), &key, None).await;
            assert_eq!(cancelled.status, 200, "{}", cancelled.text);
            assert_described("delete /api/v1/reports/{id}/schedule", "200", &cancelled.json());
            let message = "Recurring schedule cancelled. Previously generated reports remain accessible.";
            assert_eq!(cancelled.json(), json!({"report_id": id, "scheduled": false, "message": message}));
        }
        assert_eq!(get(&url(stack, "?scheduled=true"), Some(&key)).await.json()["total"], 0);
        let after = get(&url(stack, &format!("/{id}")), Some(&key)).await.json();
        assert_eq!((&after["scheduled"], after.get("schedule"), &after["data"]), (&json!(false), None, data));

        // One that never had any, another tenant's, and none at all.
        let plain = order_id(stack, &key, &week("call_summary", "csv")).await;
        let foreign = Centre::new(&client).await.key("admin").await;
        for (key, id) in [(&key, plain.as_str()), (&foreign, id), (&key, "rpt_0000000000000000"), (&key, "x")] {
            let answer = request("DELETE", &url(stack, &format!("/{id}/schedule")), key, None).await;
            assert_eq!(answer.status, 404, "{}", answer.text);
        }
        assert_eq!(get(&url(stack, &format!("/{id}")), Some(&foreign)).await.status, 404);
    });
}

async fn order_id(stack: &Stack, key: &str, body: &Value) -> String {
    let answer = order(stack, key, body).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()["report_id"].as_str().unwrap().to_owned()
}

/// A CSV's value as JSON has it.
fn same_value(cell: &str, value: &Value) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::String(text) => cell.trim_start_matches('\'') == text,
        other => {
            let text = other.to_string();
            cell == text
        }
    }
}

/// A number as a document writes it: the same digits.
fn as_document(name: &str, value: &Value) -> Option<String> {
    let grouped = |digits: &str| {
        let mut out = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    };
    let text = value.as_number()?.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    if name.ends_with("rate") || name == "share" || name == "occupancy" {
        let digits = format!("{whole}{decimals:0<4}");
        let (percent, rest) = digits.split_at(digits.len() - 2);
        return Some(format!("{}.{rest}%", percent.trim_start_matches('0').parse::<u32>().unwrap_or(0)));
    }
    let has_decimals = name.ends_with("score") || name.ends_with("duration_secs") || name == "points_lost";
    Some(if has_decimals { format!("{}.{decimals:0<2}", grouped(whole)) } else { grouped(whole) })
}

/// The words of each line of a document; none where this machine has no pdftotext.
async fn pdf_lines(link: &str) -> Option<Vec<Vec<String>>> {
    let bytes = reqwest::get(link).await.unwrap().bytes().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let output = match std::process::Command::new("pdftotext").arg("-layout").arg(file.path()).arg("-").output() {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "pdftotext (package poppler-utils): {error}");
            say!("SKIPPED, not compared with the document: pdftotext (package poppler-utils): {error}");
            return None;
        }
    };
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect())
}

#[test]
fn every_type_says_the_same_in_every_format_and_as_the_reports_do() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        january(&client, centre.tenant).await;
        let key = centre.key("supervisor").await;
        let mut all: BTreeMap<&str, Value> = BTreeMap::new();
        for kind in TYPES {
            let report = made(stack, &key, &week(kind, "json")).await;
            assert_eq!(report["status"], "completed", "{report}");
            assert_described("/api/v1/reports/{id}", "200", &report);
            let data = report["data"].clone();
            let sections: Vec<&String> =
                data.as_object().unwrap().iter().filter(|(_, value)| value.is_array()).map(|(name, _)| name).collect();
            for (index, section) in sections.iter().enumerate() {
                let mut body = week(kind, "csv");
                // The first is what is had without asking.
                if index > 0 {
                    body["section"] = json!(section);
                }
                let report = made(stack, &key, &body).await;
                assert_described("/api/v1/reports/{id}", "200", &report);
                let file = get(report["download_url"].as_str().unwrap(), None).await;
                assert_eq!((file.status, file.content_type()), (200, "text/csv; charset=utf-8"));
                let name = if index > 0 { format!("{kind}_{section}") } else { kind.to_owned() };
                let disposition = format!("attachment; filename=\"{name}_2024-01-22_2024-01-28.csv\"");
                assert_eq!(file.headers["content-disposition"], disposition.as_str());
                let rows = crate::csv::python(&file.text);
                let expected = data[section.as_str()].as_array().unwrap();
                assert_eq!(rows.len(), expected.len(), "{kind} {section}");
                for (row, expected) in rows.iter().zip(expected) {
                    for (name, cell) in row {
                        if let Some(value) = expected.get(name).filter(|value| !value.is_array() && !value.is_object())
                        {
                            assert!(
                                same_value(cell.as_str().unwrap(), value),
                                "{kind} {section} {name}: {cell} {value}"
                            );
                        }
                    }
                }
            }
            let document = made(stack, &key, &week(kind, "pdf")).await;
            assert_described("/api/v1/reports/{id}", "200", &document);
            if let Some(lines) = pdf_lines(document["download_url"].as_str().unwrap()).await {
                let totals = data.as_object().unwrap().iter().filter(|(_, value)| value.is_number());
                for (name, value) in totals {
                    let shown = as_document(name, value).unwrap();
                    assert!(lines.iter().flatten().any(|word| *word == shown), "{kind}: {name} {shown}");
                }
                for (section, rows) in data.as_object().unwrap().iter().filter(|(name, _)| *name != "violations") {
                    for row in rows.as_array().into_iter().flatten() {
                        let shown: Vec<String> = row
                            .as_object()
                            .unwrap()
                            .iter()
                            .filter_map(|(name, value)| as_document(name, value))
                            .collect();
                        let is_there = lines.iter().any(|line| shown.iter().all(|word| line.contains(word)));
                        assert!(is_there, "{kind} {section}: {shown:?} is in no line of {lines:#?}");
                    }
                }
            }
            all.insert(kind, data);
        }
        let window = "from=2024-01-22T00:00:00Z&to=2024-01-29T00:00:00Z";
        let get_report = async |name: &str| {
            get(&format!("{}/api/v1/reports/{name}?{window}", stack.endpoints.api), Some(&key)).await.json()
        };
        let volume = get_report("call-volume").await;
        let calls = &all["call_summary"];
        assert_eq!(
            (&calls["total_calls"], &calls["connected_calls"], &calls["average_duration_secs"]),
            (&volume["totals"]["total_calls"], &volume["totals"]["answered"], &volume["totals"]["acd_secs"])
        );
        let agents = get_report("agents").await;
        let by_name = |rows: &Value, name: &str| -> BTreeMap<String, Value> {
            let rows = rows.as_array().unwrap().iter();
            rows.map(|row| (row[name].as_str().unwrap().to_owned(), row.clone())).collect()
        };
        let coached = by_name(&all["agent_coaching"]["agents"], "agent");
        let agents = by_name(&agents["rows"], "agent");
        assert_eq!(coached.len(), 5);
        for (name, coached) in &coached {
            assert_eq!(
                (&coached["calls"], &coached["talk_secs"], &coached["calls_evaluated"], &coached["overall_score"]),
                (
                    &agents[name]["calls"],
                    &agents[name]["talk_secs"],
                    &agents[name]["qa_evaluations"],
                    &agents[name]["qa_avg_score"]
                ),
                "{name}"
            );
        }
        let campaigns = by_name(&get_report("campaigns").await["rows"], "campaign");
        for (name, performance) in by_name(&all["campaign_performance"]["campaigns"], "campaign") {
            for field in ["attempts", "leads_dialed", "human", "sales"] {
                assert_eq!(performance[field], campaigns[&name][field], "{name} {field}");
            }
        }
    });
}

#[test]
fn bad_input_names_every_field() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("admin").await;
        let plan = json!({"frequency": "daily", "time": "06:00", "email": "a@example.com"});
        let with = |changes: Value| {
            let mut body = week("call_summary", "json");
            for (name, value) in changes.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let with_plan = |changes: Value| {
            let mut plan = plan.clone();
            for (name, value) in changes.as_object().unwrap() {
                plan[name] = value.clone();
            }
            with(json!({ "schedule": plan }))
        };
        let many: Vec<String> = (0..51).map(|n| format!("a{n}@example.com")).collect();
        for (body, fields) in [
            (json!({}), vec!["type", "from", "to"]),
            (with(json!({"type": "calls"})), vec!["type"]),
            (with(json!({"from": "2024-1-22", "to": "tomorrow"})), vec!["from", "to"]),
            (with(json!({"from": "2024-01-29"})), vec!["from"]),
            (with(json!({"from": "2010-01-01"})), vec!["from"]),
            (with(json!({"from": "0001-01-01", "to": "0001-01-02"})), vec!["from"]),
            (with(json!({"format": "xlsx"})), vec!["format"]),
            (with(json!({"type": "cdr_export", "format": "pdf"})), vec!["format"]),
            (with(json!({"section": "by_date"})), vec!["section"]),
            (with(json!({"section": "violations", "format": "csv"})), vec!["section"]),
            (with(json!({"filters": {"campaign_id": "x", "team": "y"}})), vec!["filters.campaign_id", "filters.team"]),
            (with(json!({"filters": {"direction": "inbound"}})), vec!["filters.direction"]),
            (with(json!({"filters": []})), vec!["filters"]),
            (with(json!({"colour": "red"})), vec!["colour"]),
            (with(json!({"schedule": "weekly"})), vec!["schedule"]),
            (with(json!({"schedule": {}})), vec!["schedule.frequency", "schedule.time", "schedule.email"]),
            (with_plan(json!({"frequency": "weekly"})), vec!["schedule.day_of_week"]),
            (with_plan(json!({"frequency": "weekly", "day_of_week": 1})), vec!["schedule.day_of_week"]),
            (with_plan(json!({"day_of_week": "monday"})), vec!["schedule.day_of_week"]),
            (with_plan(json!({"frequency": "monthly", "day_of_month": 29})), vec!["schedule.day_of_month"]),
            (with_plan(json!({"time": "6:00", "timezone": "Madrid"})), vec!["schedule.time", "schedule.timezone"]),
            (with_plan(json!({"email": "nobody"})), vec!["schedule.email"]),
            (with_plan(json!({"email": 7})), vec!["schedule.email"]),
            (with_plan(json!({"email": []})), vec!["schedule.email"]),
            (with_plan(json!({"email": many})), vec!["schedule.email"]),
            (with_plan(json!({"email": ["a@example.com", "A@example.com"]})), vec!["schedule.email[1]"]),
        ] {
            let answer = order(stack, &key, &body).await;
            assert_eq!(answer.status, 400, "{body}: {}", answer.text);
            let fields: BTreeSet<String> = fields.into_iter().map(str::to_owned).collect();
            assert_eq!(answer.fields().into_iter().collect::<BTreeSet<_>>(), fields, "{body}");
        }
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=x", "limit"),
            ("offset=-1", "offset"),
            ("offset=x", "offset"),
            ("offset=10001", "offset"),
            ("offset=1&cursor=AAAA", "offset"),
            ("cursor=AAAA", "cursor"),
            ("type=calls", "type"),
            ("status=done", "status"),
            ("scheduled=yes", "scheduled"),
            ("sort=asc", "sort"),
        ] {
            let answer = get(&url(stack, &format!("?{query}")), Some(&key)).await;
            assert_eq!(answer.status, 400, "{query}: {}", answer.text);
            assert!(answer.fields().contains(&field.to_owned()), "{query}: {}", answer.text);
        }
        // Nothing of it was kept, and a schedule is not for everybody.
        assert_eq!(get(&url(stack, ""), Some(&key)).await.json()["total"], 0);
        let supervisor = centre.key("supervisor").await;
        assert_eq!(order(stack, &supervisor, &with_plan(json!({}))).await.status, 403);
        assert_eq!(order(stack, &supervisor, &week("call_summary", "json")).await.status, 202);
        let listed = with_plan(json!({"email": ["a@example.com", "B@example.com"], "timezone": "Asia/Kolkata"}));
        let schedule = order(stack, &key, &listed).await.json()["schedule"].clone();
        assert_eq!(
            (&schedule["email"], &schedule["timezone"], schedule.get("day_of_week")),
            (&json!(["a@example.com", "B@example.com"]), &json!("Asia/Kolkata"), None)
        );
    });
}

#[test]
fn the_same_key_is_the_same_report_also_when_twenty_race() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let (key, other) = (centre.key("admin").await, centre.key("supervisor").await);
        let mut body = week("call_summary", "json");
        body["schedule"] = json!({"frequency": "daily", "time": "06:00", "email": ["a@example.com"]});
        let place = async |key: &str, idempotency: &str, body: &Value| {
            let request = reqwest::Client::new().post(url(stack, "")).header("idempotency-key", idempotency).json(body);
            send(request, Some(key)).await
        };
        let answers = join_all((0..20).map(|_| place(&key, "once", &body))).await;
        let ids: BTreeSet<String> = answers
            .iter()
            .map(|answer| {
                assert_eq!(answer.status, 202, "{}", answer.text);
                answer.json()["report_id"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(ids.len(), 1);
        let id = ids.first().unwrap().as_str();
        let count = async |table: &str| -> i64 {
            let sql = format!("select count(*) from {table} where tenant_id = $1");
            client.query_one(&sql, &[&centre.tenant]).await.unwrap().get(0)
        };
        assert_eq!((count("on_demand_reports").await, count("report_schedules").await), (1, 1));
        assert_eq!(count("schedule_recipients").await, 1);

        // In other words it is the same; what says something else is refused; and to other users it is another key.
        let mut same = json!({"filters": {}, "schedule": body["schedule"].clone()});
        same["schedule"]["timezone"] = json!("UTC");
        for (name, value) in body.as_object().unwrap().iter().filter(|(name, _)| *name != "schedule") {
            same[name] = value.clone();
        }
        assert_eq!(place(&key, "once", &same).await.json()["report_id"], id);
        let mut another = body.clone();
        another["to"] = json!("2024-01-27");
        let refused = place(&key, "once", &another).await;
        assert_eq!((refused.status, refused.fields()), (422, vec!["Idempotency-Key".to_owned()]), "{}", refused.text);
        let foreign = place(&other, "once", &week("call_summary", "json")).await;
        assert_eq!(foreign.status, 202, "{}", foreign.text);
        assert_ne!(foreign.json()["report_id"], id);
        assert_eq!(place(&key, "", &body).await.status, 400);
        // A failed report stays the answer; after a day the key is new.
        finished(stack, &key, &format!("/api/v1/reports/{id}")).await;
        client
            .execute(
                "update on_demand_reports set status = 'failed', error = 'x', file_key = null where id = $1",
                &[&id],
            )
            .await
            .unwrap();
        assert_eq!(place(&key, "once", &body).await.json()["report_id"], id);
        client.execute("update report_requests set expires_at = now() where report_id = $1", &[&id]).await.unwrap();
        assert_ne!(place(&key, "once", &another).await.json()["report_id"], id);
    });
}

#[test]
fn lists_are_stable_while_reports_are_ordered() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let mut before = Vec::new();
        for n in 0..25 {
            // Some of one moment.
            let at = Utc::now() - TimeDelta::minutes(60 - n / 3);
            let id = format!("rpt_{}", &Uuid::new_v4().simple().to_string()[..16]);
            let sql = "insert into on_demand_reports (id, tenant_id, user_id, subject_tenant_id, type, format, from_at, to_at, status,
                    completed_at, error, created_at, lease_until)
                values ($1, $2, 'u', $2, $3, 'csv', '2024-01-01Z', '2024-01-02Z', 'failed', $4, 'x', $4, null)";
            let kind = if n % 2 == 0 { "call_summary" } else { "cdr_export" };
            client.execute(sql, &[&id, &centre.tenant, &kind, &at]).await.unwrap();
            before.push((at, id));
        }
        before.sort_by(|a, b| (b.0.timestamp_micros(), &b.1).cmp(&(a.0.timestamp_micros(), &a.1)));
        let expected: Vec<String> = before.into_iter().map(|(_, id)| id).collect();
        let ids = |page: &Value| -> Vec<String> {
            page["reports"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["report_id"].as_str().unwrap().to_owned())
                .collect()
        };
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&url(stack, &format!("?limit=4{cursor}")), Some(&key)).await.json();
            found.extend(ids(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            order_id(stack, &key, &week("call_summary", "json")).await;
        }
        assert_eq!(found, expected);
        let offset = get(&url(stack, "?limit=10&offset=20&status=failed"), Some(&key)).await.json();
        assert_eq!(
            (ids(&offset), &offset["total"], &offset["offset"]),
            (expected[20..].to_vec(), &json!(25), &json!(20))
        );
        let of_type =
            get(&url(stack, "?limit=100&status=failed&type=cdr_export&scheduled=false"), Some(&key)).await.json();
        assert_eq!((of_type["total"].as_i64(), ids(&of_type).len()), (Some(12), 12));
        let foreign = Centre::new(&client).await.key("supervisor").await;
        assert_eq!(get(&url(stack, ""), Some(&foreign)).await.json()["reports"], json!([]));
    });
}

#[test]
fn no_other_link_leads_to_a_file() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (centre, other) = (Centre::new(&client).await, Centre::new(&client).await);
        let (key, foreign) = (centre.key("supervisor").await, other.key("supervisor").await);
        let report = made(stack, &key, &week("call_summary", "csv")).await;
        let theirs = made(stack, &foreign, &week("call_summary", "csv")).await;
        let link = report["download_url"].as_str().unwrap();
        assert_eq!(get(link, None).await.status, 200);
        let expires = report["download_url_expires_at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let left = expires - Utc::now();
        assert!(left > TimeDelta::hours(23) && left <= TimeDelta::hours(24));

        // Any one character of file, token and expiry.
        let path = format!("{}/signed/", stack.endpoints.api);
        let (file, query) = link.strip_prefix(&path).unwrap().split_once("?token=").unwrap();
        let (token, expires) = query.split_once("&expires=").unwrap();
        let altered = |text: &str| -> Vec<String> {
            (0..text.len())
                .map(|index| {
                    let byte = text.as_bytes()[index];
                    let replacement = match byte {
                        b'9' => '8',
                        b'0'..=b'8' => char::from(byte + 1),
                        b'Z' => 'A',
                        b'z' => 'a',
                        b'A'..=b'Y' | b'a'..=b'y' => {
                            if byte == b'Y' || byte == b'y' {
                                'Q'
                            } else {
                                char::from(byte + 1)
                            }
                        }
                        _ => 'A',
                    };
                    format!("{}{replacement}{}", &text[..index], &text[index + 1..])
                })
                .collect()
        };
        let mut links: Vec<String> = Vec::new();
        links.extend(altered(file).into_iter().map(|file| format!("{path}{file}?token={token}&expires={expires}")));
        links.extend(altered(token).into_iter().map(|token| format!("{path}{file}?token={token}&expires={expires}")));
        links.extend(
            altered(expires).into_iter().map(|expires| format!("{path}{file}?token={token}&expires={expires}")),
        );
        assert!(links.len() > 24 + 60 + 10);
        // Another tenant's file with this tenant's token, and the other way round.
        let their_link = theirs["download_url"].as_str().unwrap();
        let (their_file, _) = their_link.strip_prefix(&path).unwrap().split_once('?').unwrap();
        links.push(link.replace(file, their_file));
        links.push(their_link.replace(their_file, file));
        // Well signed, and over; or of a file that this report does not have; or of another tenant.
        let functions = stack.template.functions().unwrap();
        let download = functions.iter().find(|function| function.name == "report-download").unwrap();
        let aws = crate::http::aws(&stack.endpoints.aws).await;
        let keys = Keys::read(&aws, download.environment["SIGNING_SECRET_ARN"].clone()).await.unwrap();
        let signed = |tenant: Uuid, extension: &str, seconds: i64| {
            let report_id = report["report_id"].as_str().unwrap().to_owned();
            let file = File { tenant: TenantScope::proven(tenant), report_id, extension: extension.into() };
            format!("{}{}", stack.endpoints.api, keys.link(&file, Utc::now().timestamp() + seconds))
        };
        assert_eq!(get(&signed(centre.tenant, "csv", 60), None).await.status, 200);
        links.push(signed(centre.tenant, "csv", 0));
        links.push(signed(centre.tenant, "csv", -60));
        links.push(signed(centre.tenant, "pdf", 60));
        let mut told = BTreeSet::new();
        for link in &links {
            let answer = get(link, None).await;
            assert_eq!(answer.status, 403, "{link}: {}", answer.text);
            let mut body = answer.json();
            body.as_object_mut().unwrap().shift_remove("request_id");
            told.insert(body.to_string());
        }
        assert_eq!(told.len(), 1, "{told:?}");
        // A good one of a report that this tenant does not have is of a file that is gone.
        assert_eq!(get(&signed(other.tenant, "csv", 60), None).await.status, 410);
    });
}

#[test]
fn an_audit_of_100_000_violations_in_every_format() {
    run(async {
        // Whose worker makes nothing else.
        let stack = &private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let agent = centre.agent("Ana", None).await;
        let call = centre.recorded_call(agent).await;
        client
            .execute(
                "insert into compliance_checks (tenant_id, call_id, agent_id, rule, severity, passed, detail, checked_at)
                 select $1, $2, $3, 'Rule ' || n % 7, 'high', n % 11 = 0, 'What was said ' || n,
                     timestamptz '2024-01-22Z' + n * interval '5 seconds'
                 from generate_series(1, 110000) n",
                &[&centre.tenant, &call, &agent],
            )
            .await
            .unwrap();
        let json_report = made(stack, &key, &week("compliance_audit", "json")).await;
        assert_eq!(json_report["status"], "completed", "{json_report}");
        assert_described("/api/v1/reports/{id}", "200", &json_report);
        assert_eq!(json_report["data"], Value::Null);
        assert!(json_report["message"].as_str().unwrap().contains("download_url"), "{json_report}");
        let data = get(json_report["download_url"].as_str().unwrap(), None).await;
        assert_eq!(data.content_type(), "application/json");
        let data = data.json();
        let violations = data["violations"].as_array().unwrap();
        assert_eq!((violations.len(), &data["checks_total"]), (100_000, &json!(110_000)));
        let csv_report = made(stack, &key, &week("compliance_audit", "csv")).await;
        let csv = get(csv_report["download_url"].as_str().unwrap(), None).await.text;
        assert_eq!(csv.matches("\r\n").count(), 100_001);
        assert!(csv.lines().last().unwrap().contains(violations[99_999]["check_id"].as_str().unwrap()));
        let pdf_report = made(stack, &key, &week("compliance_audit", "pdf")).await;
        assert_eq!(pdf_report["status"], "completed", "{pdf_report}");
        assert!(pdf_report["page_count"].as_i64().unwrap() > 5, "{pdf_report}");
        if let Some(lines) = pdf_lines(pdf_report["download_url"].as_str().unwrap()).await {
            let text: Vec<String> = lines.into_iter().flatten().collect();
            let text = text.join(" ");
            assert!(text.contains("500") && text.contains("100,000") && text.contains("CSV"), "{text}");
            assert!(text.matches("What was said").count() == 500, "{}", text.matches("What was said").count());
        }
        let memory = stack.lambda.measure("report-generate").unwrap().peak_memory_kb;
        say!("peak memory of report-generate: {memory} kB");
        assert!(memory < 512 * 1_024, "{memory} kB");
    });
}

#[test]
fn what_is_not_generated_now_says_so() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        // An unknown agent has no rows; a window without calls has zeros for every day.
        let mut body = week("call_summary", "json");
        body["filters"] = json!({"agent_id": Uuid::new_v4(), "campaign_id": Uuid::new_v4()});
        let report = made(stack, &key, &body).await;
        assert_eq!(report["filters"], body["filters"]);
        assert_eq!(
            (&report["data"]["total_calls"], report["data"]["by_date"].as_array().unwrap().len()),
            (&json!(0), 7)
        );
        assert_eq!(generate(stack, report["report_id"].as_str().unwrap()).await.unwrap()["outcome"], "nothing to do");
        // Past its 90 days.
        client
            .execute(
                "update on_demand_reports set completed_at = now() - interval '90 days' where id = $1",
                &[&report["report_id"].as_str().unwrap()],
            )
            .await
            .unwrap();
        let expired = get(&url(stack, &format!("/{}", report["report_id"].as_str().unwrap())), Some(&key)).await.json();
        assert_eq!((&expired["data"], &expired["file_expired"]), (&Value::Null, &json!(true)));
        assert_described("/api/v1/reports/{id}", "200", &expired);
    });
}
