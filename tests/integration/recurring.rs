//! On-demand reports behind the scenes: made again on a schedule and mailed, taken over, killed in mid-work.

use std::collections::BTreeSet;
use std::time::Duration;

use callmetry_local::ses::{Behaviour, Fault};
use callmetry_local::stack::Stack;
use callmetry_testing::{Centre, private_stack, run};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use mail_parser::{Message, MimeHeaders};
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::exports::{files_of, finished, generate};
use crate::http::{get, request};
use crate::mails::{claim, end_leases, messages, recipient, unsubscribe_link};
use crate::ondemand::{TYPES, january, made, order, url};

struct Office {
    stack: Stack,
    client: Client,
    tenant: Uuid,
    key: String,
}

impl Office {
    async fn open() -> Self {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        january(&client, centre.tenant).await;
        let (tenant, key) = (centre.tenant, centre.key("admin").await);
        Self { stack, client, tenant, key }
    }

    /// Orders a report with a schedule, and says its id.
    async fn schedule(&self, kind: &str, format: &str, plan: Value) -> String {
        let body = json!({"type": kind, "from": "2024-01-22", "to": "2024-01-28", "format": format, "schedule": plan});
        let report = made(&self.stack, &self.key, &body).await;
        assert_eq!(report["status"], "completed", "{report}");
        report["report_id"].as_str().unwrap().to_owned()
    }

    /// Makes the schedule of a report due at this instant.
    async fn due(&self, report: &str, at: DateTime<Utc>) {
        let changed = self
            .client
            .execute("update report_schedules set next_run_at = $2 where report_id = $1", &[&report, &at])
            .await
            .unwrap();
        assert_eq!(changed, 1);
    }

    /// The runs of a report's schedule, newest first, when they have ended.
    async fn runs(&self, parent: &str) -> Vec<Value> {
        let listed = get(&url(&self.stack, "?limit=100&scheduled=false"), Some(&self.key)).await.json();
        let mut runs = Vec::new();
        for row in listed["reports"].as_array().unwrap() {
            if row["parent_report_id"] == parent {
                let path = format!("/api/v1/reports/{}", row["report_id"].as_str().unwrap());
                runs.push(finished(&self.stack, &self.key, &path).await);
            }
        }
        runs
    }

    fn mails(&self) -> Vec<Message<'static>> {
        messages(&self.stack.endpoints.mail_dir)
    }

    async fn statuses(&self) -> Vec<(String, Option<String>)> {
        let sql = "select status, error from report_deliveries order by recipient, created_at";
        self.client.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

fn last_midnight() -> DateTime<Utc> {
    Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// The link in a mail's text that leads to the file.
fn file_link(mail: &Message<'_>) -> String {
    let text = mail.body_text(0).unwrap().into_owned();
    let link = text.split_whitespace().find(|word| word.contains("/signed/"));
    link.unwrap_or_else(|| panic!("no link in {text}")).to_owned()
}

#[test]
fn a_scheduled_report_is_made_for_the_period_before_and_mailed_with_its_file() {
    run(async {
        let office = Office::open().await;
        let plan = json!({"frequency": "daily", "time": "00:00", "timezone": "Asia/Kolkata",
            "email": ["qa@example.com", "Team.Lead@example.com"]});
        let parent = office.schedule("call_summary", "csv", plan).await;
        // Calls of yesterday in Kolkata, which is 5:30 ahead; and one just before it.
        let local_midnight = (Utc::now() + TimeDelta::minutes(330)).date_naive().and_time(NaiveTime::MIN).and_utc();
        let to = local_midnight - TimeDelta::minutes(330);
        let from = to - TimeDelta::days(1);
        let centre = Centre { client: &office.client, tenant: office.tenant };
        for at in [from, from + TimeDelta::hours(5), to - TimeDelta::seconds(1), to, from - TimeDelta::seconds(1)] {
            centre.call(at, callmetry_testing::Call { answered: true, talk_secs: 10, ..Default::default() }).await;
        }
        office.due(&parent, to).await;
        let turn = claim(&office.stack).await;
        assert_eq!(turn["started"], 1, "{turn}");
        let runs = office.runs(&parent).await;
        let [child] = &runs[..] else { panic!("{runs:?}") };
        let yesterday = (local_midnight - Days::new(1)).date_naive().to_string();
        assert_eq!((&child["from"], &child["to"]), (&json!(yesterday), &json!(yesterday)));
        assert_eq!((&child["timezone"], &child["scheduled"]), (&json!("Asia/Kolkata"), &json!(false)));
        assert_eq!(child["status"], "completed", "{child}");
        let turn = claim(&office.stack).await;
        assert_eq!((&turn["runs"], &turn["sent"]), (&json!(1), &json!(2)), "{turn}");

        let mails = office.mails();
        let mut to: Vec<String> = mails.iter().map(recipient).collect();
        to.sort();
        assert_eq!(to, ["Team.Lead@example.com", "qa@example.com"]);
        let mail = &mails[0];
        assert!(mail.subject().unwrap().starts_with("Call summary: "), "{:?}", mail.subject());
        let text = mail.body_text(0).unwrap();
        for part in ["Total calls: 3", "before: 1", "Asia/Kolkata", "every day at 00:00"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let attached = mail.attachment(0).unwrap();
        assert_eq!(attached.attachment_name(), Some(format!("call_summary_{yesterday}_{yesterday}.csv").as_str()));
        let link = file_link(mail);
        let file = get(&link, None).await;
        assert_eq!(file.status, 200, "{link}");
        assert_eq!(attached.contents(), file.text.as_bytes());
        assert_eq!(get(child["download_url"].as_str().unwrap(), None).await.text, file.text);
        let expires: i64 = link.split("expires=").nth(1).unwrap().parse().unwrap();
        let days = (expires - Utc::now().timestamp()) as f64 / 86_400.0;
        assert!(days > 6.9 && days <= 7.0, "{days}");
        assert!(office.statuses().await.iter().all(|(status, _)| status == "sent"));
        // It is not one of the digests' schedules.
        let schedules = format!("{}/api/v1/report-schedules", office.stack.endpoints.api);
        assert_eq!(get(&schedules, Some(&office.key)).await.json()["schedules"], json!([]));
        // Once is enough.
        claim(&office.stack).await;
        assert_eq!(office.mails().len(), 2);

        // Whoever leaves gets no more; and who cancels ends the future, not what was made.
        let leaver = mails.iter().find(|mail| recipient(mail) == "qa@example.com").unwrap();
        assert_eq!(request("POST", &unsubscribe_link(leaver), "", None).await.status, 200);
        let cancelled = request("DELETE", &url(&office.stack, &format!("/{parent}/schedule")), &office.key, None).await;
        assert_eq!(cancelled.status, 200);
        office.due(&parent, Utc::now() - TimeDelta::minutes(1)).await;
        claim(&office.stack).await;
        assert_eq!((office.runs(&parent).await.len(), office.mails().len()), (1, 2));
        assert_eq!(get(&link, None).await.status, 200);
    });
}

#[test]
fn every_type_is_mailed_in_its_format() {
    run(async {
        let office = Office::open().await;
        // Due at the last midnight and not again for days, whatever day and hour it is.
        let today = last_midnight().format("%A").to_string().to_lowercase();
        let mut parents = Vec::new();
        for (kind, format) in
            TYPES.iter().map(|kind| (*kind, "pdf")).chain([("qa_performance", "json"), ("cdr_export", "csv")])
        {
            let plan = json!({"frequency": "weekly", "day_of_week": today, "time": "00:00",
                "email": format!("{kind}-{format}@example.com")});
            let parent = office.schedule(kind, format, plan).await;
            office.due(&parent, last_midnight()).await;
            parents.push(parent);
        }
        assert_eq!(claim(&office.stack).await["started"], 7);
        for parent in &parents {
            let runs = office.runs(parent).await;
            assert_eq!((runs.len(), &runs[0]["status"]), (1, &json!("completed")), "{runs:?}");
        }
        claim(&office.stack).await;
        let mails = office.mails();
        assert_eq!(mails.len(), 7);
        for mail in &mails {
            let to = recipient(mail);
            assert_eq!(get(&file_link(mail), None).await.status, 200, "{to}");
            match mail.attachment(0) {
                Some(file) if to.ends_with("-pdf@example.com") => {
                    assert!(file.contents().starts_with(b"%PDF-"), "{to}")
                }
                Some(file) => {
                    assert!(to == "cdr_export-csv@example.com" && file.contents().starts_with(b"id,"), "{to}")
                }
                None => assert_eq!(to, "qa_performance-json@example.com"),
            }
        }
        assert!(office.statuses().await.iter().all(|(status, _)| status == "sent"));
    });
}

#[test]
fn a_report_that_cannot_be_made_is_said_to_everybody_who_waits_for_it() {
    run(async {
        let office = Office::open().await;
        let plan = json!({"frequency": "daily", "time": "00:00", "email": ["a@example.com", "b@example.com"]});
        let parent = office.schedule("call_summary", "csv", plan).await;
        office.due(&parent, last_midnight()).await;
        // Nothing can be written.
        let bucket = office.stack.endpoints.bucket_dir.join("reports");
        std::fs::rename(&bucket, bucket.with_extension("away")).unwrap();
        std::fs::write(&bucket, b"in the way").unwrap();
        claim(&office.stack).await;
        let overdue = "update on_demand_reports set lease_until = now() where status = 'generating'";
        for _ in 0..4 {
            // Each attempt gives its lease back; waiting is over.
            for _ in 0..100 {
                let sql = "select count(*) from on_demand_reports where status = 'generating' and
                    (lease_until > now() + interval '55 seconds' or lease_token is null)";
                if office.client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            office.client.execute(overdue, &[]).await.unwrap();
            claim(&office.stack).await;
        }
        let runs = office.runs(&parent).await;
        assert_eq!((&runs[0]["status"], runs[0]["error"].is_string()), (&json!("failed"), true), "{runs:?}");
        claim(&office.stack).await;
        let statuses = office.statuses().await;
        assert_eq!(statuses.len(), 2);
        for (status, error) in &statuses {
            assert_eq!(status, "failed");
            assert!(error.as_ref().unwrap().starts_with("The report failed. It could not be "), "{error:?}");
        }
        assert!(office.mails().is_empty());
        let open: i64 = office
            .client
            .query_one("select count(*) from report_runs where status <> 'closed'", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(open, 0);
    });
}

#[test]
fn an_invocation_that_never_begins_is_followed_by_another_and_the_third_is_the_last() {
    run(async {
        let office = Office::open().await;
        let insert = async |attempts: i32| {
            let id = format!("rpt_{}", &Uuid::new_v4().simple().to_string()[..16]);
            let sql = "insert into on_demand_reports (id, tenant_id, user_id, subject_tenant_id, type, format, from_at, to_at,
                    timezone, previous_from_at, attempts, lease_until)
                values ($1, $2, 'u', $2, 'call_summary', 'json', '2024-01-22Z', '2024-01-29Z', 'UTC', '2024-01-15Z', $3, now())";
            office.client.execute(sql, &[&id, &office.tenant, &attempts]).await.unwrap();
            id
        };
        let (first, last) = (insert(0).await, insert(2).await);
        assert_eq!(claim(&office.stack).await["started"], 1);
        let path = |id: &str| format!("/api/v1/reports/{id}");
        assert_eq!(finished(&office.stack, &office.key, &path(&first)).await["status"], "completed");
        let failed = finished(&office.stack, &office.key, &path(&last)).await;
        assert!(failed["error"].as_str().unwrap().starts_with("It could not be started"), "{failed}");
        // What failed is not begun with any more.
        assert_eq!(generate(&office.stack, &last).await.unwrap()["outcome"], "nothing to do");
    });
}

#[test]
fn mails_of_reports_are_sent_once_whatever_ses_does() {
    run(async {
        let office = Office::open().await;
        let recipients: Vec<String> = (0..20).map(|n| format!("r{n:02}@example.com")).collect();
        let plan = json!({"frequency": "monthly", "day_of_month": 1, "time": "00:00", "email": recipients});
        let parent = office.schedule("qa_performance", "csv", plan).await;
        office.due(&parent, last_midnight()).await;
        claim(&office.stack).await;
        office.runs(&parent).await;
        office
            .stack
            .ses
            .behave(Behaviour { faults: vec![(2, Fault::Throttled), (7, Fault::FailsSent)], ..Behaviour::default() });
        tokio::join!(claim(&office.stack), claim(&office.stack), claim(&office.stack));
        office.stack.ses.behave(Behaviour::default());
        end_leases(&office.client).await;
        claim(&office.stack).await;
        let statuses = office.statuses().await;
        let count = |wanted: &str| statuses.iter().filter(|(status, _)| status == wanted).count();
        assert_eq!(count("sent") + count("unknown"), 20, "{statuses:?}");
        let mut got: Vec<String> = office.mails().iter().map(recipient).collect();
        got.sort();
        let all = got.len();
        got.dedup();
        assert_eq!((got.len(), all), (20, 20));
    });
}

/// The processes of `report-generate` of this stack.
fn generators(stack: &Stack) -> Vec<u32> {
    let s3 = stack.endpoints.s3.trim_start_matches("http://").to_owned();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let is_generator =
            std::fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe.ends_with("report-generate"));
        let variables = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if is_generator && String::from_utf8_lossy(&variables).split('\0').any(|variable| variable.ends_with(&s3)) {
            found.push(pid);
        }
    }
    found
}

#[test]
fn a_worker_that_is_killed_leaves_no_half_of_a_file() {
    run(async {
        const KILLS: usize = 30;
        let office = Office::open().await;
        // Enough for several parts of an upload.
        office
            .client
            .execute(
                "insert into cdrs (tenant_id, direction, from_number, to_number, started_at, ended_at, hangup_cause, recording_url)
                 select $1, 'inbound', '1', '2', at, at, 'OK', (select string_agg(md5(random()::text || n || m), '') from generate_series(1, 60) m)
                 from generate_series(1, 12000) n, lateral (select timestamptz '2024-01-23Z' + n * interval '1 second' as at) instant",
                &[&office.tenant],
            )
            .await
            .unwrap();
        let seed: u64 = rand::random();
        say!("seed of the kills: {seed}");
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let mut reports = Vec::new();
        let order_one = async |kind: &str, format: &str| {
            let body = json!({"type": kind, "from": "2024-01-22", "to": "2024-01-28", "format": format});
            let answer = order(&office.stack, &office.key, &body).await;
            (answer.json()["report_id"].as_str().unwrap().to_owned(), format.to_owned())
        };
        let mut killed = 0;
        while killed < KILLS {
            reports.push(order_one("cdr_export", "csv").await);
            let kind = TYPES[dice.random_range(0..TYPES.len())];
            reports.push(order_one(kind, ["json", "csv", "pdf"][dice.random_range(0..3)]).await);
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..1_500))).await;
            // Only those count that have a report in hand.
            let held = "select count(*) from on_demand_reports where status = 'generating' and lease_token is not null
                and started_by is null";
            let held: i64 = office.client.query_one(held, &[]).await.unwrap().get(0);
            let processes = generators(&office.stack);
            for pid in &processes {
                std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
            }
            killed += processes.len().min(held as usize);
            // The leases of the dead run out.
            office
                .client
                .execute("update on_demand_reports set lease_until = now() where status = 'generating'", &[])
                .await
                .unwrap();
            claim(&office.stack).await;
        }
        // Each ends, at the latest with its third attempt.
        let (mut ended, mut left) = ((0, 0), 0);
        let mut rounds = 0;
        loop {
            let sql = "select count(*) from on_demand_reports where status = 'generating'";
            let left: i64 = office.client.query_one(sql, &[]).await.unwrap().get(0);
            if left == 0 {
                break;
            }
            rounds += 1;
            assert!(rounds < 800, "{left} never end");
            tokio::time::sleep(Duration::from_millis(500)).await;
            if generators(&office.stack).is_empty() || rounds % 20 == 0 {
                office
                    .client
                    .execute("update on_demand_reports set lease_until = now() where status = 'generating' and lease_token is null", &[])
                    .await
                    .unwrap();
                claim(&office.stack).await;
            }
        }
        let expected =
            made(&office.stack, &office.key, &json!({"type": "cdr_export", "from": "2024-01-22", "to": "2024-01-28"}))
                .await;
        let expected = get(expected["download_url"].as_str().unwrap(), None).await.text;
        for (id, format) in &reports {
            let report = finished(&office.stack, &office.key, &format!("/api/v1/reports/{id}")).await;
            let files = files_of(&office.stack, office.tenant, id);
            if report["status"] == "failed" {
                assert!(report["error"].is_string(), "{report}");
                ended.1 += 1;
                continue;
            }
            ended.0 += 1;
            assert_eq!(report["status"], "completed", "{report}");
            // One that was overtaken, and killed before it could delete its own, may have left a file: a whole one.
            left += files.len() - 1;
            assert!(files.iter().all(|file| file.ends_with(format)), "{files:?}");
            let folder = office.stack.endpoints.bucket_dir.join(format!("reports/{}/{id}", office.tenant));
            let lengths: BTreeSet<u64> =
                files.iter().map(|file| std::fs::metadata(folder.join(file)).unwrap().len()).collect();
            assert_eq!(lengths.len(), 1, "{id}: {files:?}");
            if report["type"] == "cdr_export" {
                let file = get(report["download_url"].as_str().unwrap(), None).await.text;
                assert!(file == expected, "{id}: {} bytes instead of {}", file.len(), expected.len());
            } else if format == "json" {
                assert!(report["data"].is_object(), "{report}");
            } else {
                let bytes =
                    reqwest::get(report["download_url"].as_str().unwrap()).await.unwrap().bytes().await.unwrap();
                let whole =
                    if format == "pdf" { bytes.trim_ascii_end().ends_with(b"%%EOF") } else { bytes.ends_with(b"\r\n") };
                assert!(whole, "{id}");
            }
        }
        say!("{killed} killed: {} completed, {} failed, {left} files left", ended.0, ended.1);
        assert!(ended.0 > 0);
    });
}
