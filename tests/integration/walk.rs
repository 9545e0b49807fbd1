//! One walk through everything that the functions do: each permission that the template gives is used by it, or it is said here
//! why not. A template that gives too little, or anything else wrong, stops it: see `template_faults.rs`.

use std::collections::BTreeSet;
use std::time::Duration;

use callmetry_local::lambda::Invoked;
use callmetry_local::stack::Stack;
use callmetry_testing::{Centre, private_stack, run};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// What nobody is seen to use, and why.
const UNSEEN: [(&str, &str, &str); 3] = [
    ("claim", "ses:SendRawEmail", "not asked for by the stand-in: whether SES asks for it is not documented"),
    ("migrate", "rds-data:RollbackTransaction", "only where a migration fails, or somebody else was faster"),
    (
        "tickrole",
        "sqs:SendMessage",
        "the Scheduler's own, where Lambda does not take the tick, which it always does here",
    ),
];

type Outcome<T> = Result<T, String>;

struct Walk<'a> {
    stack: &'a Stack,
    http: Client,
    admin: String,
}

impl Walk<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>, status: u16) -> Outcome<Value> {
        let request = self.http.request(method.clone(), format!("{}{path}", self.stack.endpoints.api));
        let request = request.header("authorization", format!("Bearer {}", self.admin));
        let request = if let Some(body) = &body { request.json(body) } else { request };
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let found = answer.status().as_u16();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        if found != status {
            return Err(format!("{method} {path}: {found} instead of {status}: {text}"));
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Outcome<Value> {
        self.send(Method::GET, path, None, 200).await
    }

    async fn post(&self, path: &str, body: Value, status: u16) -> Outcome<Value> {
        self.send(Method::POST, path, Some(body), status).await
    }

    async fn invoke(&self, function: &str, event: Value) -> Outcome<Value> {
        match self.stack.lambda.invoke(function, event.to_string().into()).await.map_err(|error| error.to_string())? {
            Invoked::Answer(answer) => Ok(serde_json::from_slice(&answer).unwrap_or_default()),
            Invoked::Failed(error) => Err(format!("{function}: {}", String::from_utf8_lossy(&error))),
        }
    }

    /// Orders a report and returns it when it is completed.
    async fn report(&self, order: Value) -> Outcome<Value> {
        let receipt = self.post("/api/v1/reports", order, 202).await?;
        self.completed(receipt["report_id"].as_str().unwrap_or_default()).await
    }

    async fn completed(&self, id: &str) -> Outcome<Value> {
        for _ in 0..600 {
            let report = self.get(&format!("/api/v1/reports/{id}")).await?;
            match report["status"].as_str() {
                Some("completed") => return Ok(report),
                Some("failed") => return Err(format!("a report failed: {report}")),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        Err(format!("report {id} is not completed"))
    }

    async fn download(&self, report: &Value) -> Outcome<()> {
        let url = report["download_url"].as_str().ok_or_else(|| format!("no link: {report}"))?;
        // Redirects are followed, to S3.
        let answer = self.http.get(url).send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("download: {status}")) }
    }
}

/// Enough rows that every report has more than a page, so that it is read in a transaction, within the last days.
async fn fill(centre: &Centre<'_>, client: &tokio_postgres::Client) -> Outcome<()> {
    let tenant = centre.tenant;
    let sql = format!(
        "insert into campaigns (tenant_id, name) select '{tenant}', 'Campaign ' || n from generate_series(1, 1100) n;
         insert into agents (tenant_id, name) select '{tenant}', 'Agent ' || n from generate_series(1, 1100) n;
         insert into leads (tenant_id, phone) values ('{tenant}', '+1');
         insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, disposition_code)
            select '{tenant}', c.id, l.id, now() - interval '1 hour' * (n % 300), c.name
            from (select *, row_number() over () as n from campaigns where tenant_id = '{tenant}') as c
            join leads as l on l.tenant_id = '{tenant}';
         insert into cdrs (tenant_id, agent_id, campaign_id, direction, from_number, to_number, started_at, answered_at, ended_at,
                talk_secs, hangup_cause, recording_url)
            select '{tenant}', a.id, c.id, 'outbound', repeat('1', 400), '+2', now() - interval '1 day' - interval '1 second' * m,
                now() - interval '1 day' - interval '1 second' * m, now() - interval '1 day', 10, 'OK', 'https://x/1'
            from (select id, row_number() over () as n from agents where tenant_id = '{tenant}') as a
            join (select id, row_number() over () as n from campaigns where tenant_id = '{tenant}') as c using (n)
            cross join generate_series(1, 12) as m;
         insert into qa_scorecards (id, tenant_id) values ('{tenant}', '{tenant}');
         insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions)
            values ('{tenant}', '{tenant}', 1, 'Card', 80, '[]');
         insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers,
                score, passed, points, submitted_at)
            select distinct on (agent_id) '{tenant}'::uuid, id, agent_id, 'e', '{tenant}'::uuid, 1, 'submitted', '{{}}'::jsonb, 90,
                true, '[]'::jsonb, now() - interval '2 hours'
            from cdrs where tenant_id = '{tenant}';
         insert into api_keys (tenant_id, user_id, role, key_hash)
            select '{tenant}', n, 'agent', sha256(('{tenant}' || n)::bytea) from generate_series(1, 1100) n;
         insert into compliance_checks (tenant_id, call_id, rule, severity, passed, checked_at)
            select '{tenant}', id, 'Rule', 'low', false, started_at from cdrs where tenant_id = '{tenant}' limit 3000;"
    );
    client.batch_execute(&sql).await.map_err(|error| format!("{error:?}"))
}

/// Everything that a deployment does, once. The first thing that does not go well is the error.
pub async fn walk(stack: &Stack) -> Outcome<()> {
    let client = stack.postgres.connect(&stack.database).await.map_err(|error| error.to_string())?;
    let centre = Centre::new(&client).await;
    let walk = Walk { stack, http: Client::new(), admin: centre.key("admin").await };
    // While there is nothing to fold: the gate is shut.
    walk.invoke("claim", json!({})).await?;
    fill(&centre, &client).await?;
    tenants_and_keys(&walk, centre.tenant).await?;
    let before = stack.lambda.invocations("claim");
    stack.scheduler.fire(0, &stack.lambda);
    for wait in 0.. {
        if stack.lambda.invocations("claim") > before {
            break;
        }
        if wait == 50 {
            return Err("the tick starts no claim".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    walk.get("/api/v1/caller").await?;
    for report in crate::http::REPORTS {
        walk.get(&format!("/api/v1/reports/{report}")).await?;
    }
    quality(&walk, &client).await?;
    on_demand(&walk, &client).await?;
    mail(&walk, &client).await?;
    walk.invoke("migrate", json!({})).await.map(drop)
}

async fn tenants_and_keys(walk: &Walk<'_>, tenant: uuid::Uuid) -> Outcome<()> {
    walk.invoke("admin", json!({"action": "create-tenant", "slug": "walk", "name": "Walk"})).await?;
    for action in ["tick-state", "pause-tick", "resume-tick", "list-tenants"] {
        walk.invoke("admin", json!({ "action": action })).await?;
    }
    let keys = walk.invoke("admin", json!({"action": "list-api-keys", "tenant": tenant})).await?;
    let listed = keys["api_keys"].as_array().map_or(0, Vec::len);
    if listed != 1_101 { Err(format!("{listed} keys are listed")) } else { Ok(()) }
}

async fn quality(walk: &Walk<'_>, client: &tokio_postgres::Client) -> Outcome<()> {
    walk.get("/api/v1/qa/agent-scores").await?;
    let card = json!({"name": "Card", "questions": [{"id": "q", "text": "?", "type": "yes_no", "weight": 1}]});
    let card = walk.post("/api/v1/qa/scorecards", card, 201).await?;
    let call: uuid::Uuid = client
        .query_one("select id from cdrs where recording_url is not null order by started_at desc limit 1", &[])
        .await
        .map_err(|error| error.to_string())?
        .get(0);
    let evaluation = json!({"call_id": call, "scorecard_id": card["id"], "answers": {"q": true}});
    walk.post("/api/v1/qa/evaluations", evaluation, 201).await.map(drop)
}

async fn on_demand(walk: &Walk<'_>, client: &tokio_postgres::Client) -> Outcome<()> {
    // More than an answer holds, without compression.
    let job = walk.send(Method::GET, "/api/v1/cdrs/export", None, 202).await?;
    walk.download(&walk.completed(job["report_id"].as_str().unwrap_or_default()).await?).await?;
    let (from, to) = (chrono::Utc::now().date_naive() - chrono::Days::new(7), chrono::Utc::now().date_naive());
    let order = |kind: &str, format: &str| json!({"type": kind, "from": from, "to": to, "format": format});
    let read = walk.report(order("qa_performance", "json")).await?;
    if read["data"].is_null() {
        return Err(format!("no data: {read}"));
    }
    walk.download(&walk.report(order("compliance_audit", "csv")).await?).await?;
    walk.download(&walk.report(order("compliance_audit", "pdf")).await?).await?;
    walk.get("/api/v1/reports").await?;
    // One that somebody left in mid-work is started by the tick and cleans up first: `upload_id` is of an upload in parts.
    let left = walk.report(order("call_summary", "csv")).await?;
    let left = left["report_id"].as_str().unwrap_or_default();
    client
        .execute(
            "update on_demand_reports set status = 'generating', completed_at = null, file_key = null, file_bytes = null,
                lease_token = gen_random_uuid(), upload_id = 'lost', lease_until = now() - interval '1 minute', started_by = null,
                attempts = 1, summary = null
             where id = $1",
            &[&left],
        )
        .await
        .map_err(|error| format!("{error:?}"))?;
    walk.invoke("claim", json!({"force": true})).await?;
    walk.completed(left).await.map(drop)
}

async fn mail(walk: &Walk<'_>, client: &tokio_postgres::Client) -> Outcome<()> {
    let recipients = ["bounce+a@simulator.amazonses.com", "ana@a.example"];
    let schedule =
        json!({"report": "campaigns", "cadence": "weekly", "day_of_week": 1, "hour_utc": 6, "recipients": recipients});
    let schedule = walk.post("/api/v1/report-schedules", schedule, 201).await?;
    let today = chrono::Utc::now().date_naive();
    let order = json!({"type": "call_summary", "from": today, "to": today, "format": "csv",
        "schedule": {"frequency": "daily", "time": "06:00", "email": "bo@a.example"}});
    let ordered = walk.report(order).await?;
    client
        .execute("update report_schedules set next_run_at = now() - interval '1 minute'", &[])
        .await
        .map_err(|error| error.to_string())?;
    walk.invoke("claim", json!({"force": true})).await?;
    walk.stack.lambda.settle("report-generate").await.map_err(|error| error.to_string())?;
    walk.invoke("claim", json!({"force": true})).await?;
    let sent = crate::mails::by_recipient(&walk.stack.endpoints.mail_dir);
    if sent.keys().map(String::as_str).collect::<Vec<_>>() != ["ana@a.example", "bo@a.example", recipients[0]] {
        return Err(format!("mailed to {sent:?}"));
    }
    let messages = crate::mails::messages(&walk.stack.endpoints.mail_dir);
    let link = crate::mails::unsubscribe_link(&messages[0]);
    let left = walk.http.post(&link).send().await.map_err(|error| error.to_string())?.status();
    if !left.is_success() {
        return Err(format!("unsubscribe: {left}"));
    }
    let id = ordered["report_id"].as_str().unwrap_or_default();
    walk.send(Method::DELETE, &format!("/api/v1/reports/{id}/schedule"), None, 200).await?;
    // What SES says of it comes a little later.
    let log = format!("/api/v1/report-schedules/{}/deliveries", schedule["id"].as_str().unwrap_or_default());
    for _ in 0..100 {
        let log = walk.get(&log).await?;
        if log["deliveries"].as_array().is_some_and(|rows| rows.iter().any(|row| row["status"] == "bounced")) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the bounce is not in the log".into())
}

#[test]
fn every_permission_is_used() {
    run(async {
        let stack = private_stack(&[]).await;
        walk(&stack).await.unwrap();
        let unused: BTreeSet<(String, String)> = stack
            .iam
            .unused()
            .into_iter()
            .map(|grant| (grant.role.trim_start_matches("callmetry-local-").to_owned(), grant.action))
            .collect();
        let unseen: BTreeSet<(String, String)> =
            UNSEEN.iter().map(|(role, action, _)| ((*role).to_owned(), (*action).to_owned())).collect();
        assert_eq!(unused, unseen);
    });
}
