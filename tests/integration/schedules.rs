//! Schedules over HTTP, what they send, and how their recipients leave.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use callmetry_local::lambda::Invoked;
use callmetry_local::ses::{Behaviour, Fault};
use callmetry_local::stack::Stack;
use callmetry_metrics::ReportName;
use callmetry_testing::{Attempt, Call, Campaign, Centre, private_stack, run, shared_stack};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Madrid;
use futures::future::join_all;
use mail_parser::{Message, MessageParser};
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::http::{Answer, REPORTS, get, request, send};
use crate::mails::{claim, end_leases, recipient, unsubscribe_link, write_gate};

/// A tenant that has schedules. Its recipients are all at a domain of its own.
struct Office<'a> {
    stack: &'a Stack,
    client: &'a Client,
    centre: Centre<'a>,
    admin: String,
}

impl<'a> Office<'a> {
    async fn new(stack: &'a Stack, client: &'a Client) -> Self {
        let centre = Centre::new(client).await;
        let admin = centre.key("admin").await;
        Self { stack, client, centre, admin }
    }

    fn address(&self, name: &str) -> String {
        format!("{name}@{}.example", self.centre.tenant)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/report-schedules{path}", self.stack.endpoints.api)
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        request(method, &self.url(path), &self.admin, body).await
    }

    /// A body that is good: Mondays at six.
    fn body(&self, names: &[&str]) -> Value {
        let recipients: Vec<String> = names.iter().map(|name| self.address(name)).collect();
        json!({"report": "campaigns", "cadence": "weekly", "day_of_week": 1, "hour_utc": 6, "recipients": recipients})
    }

    /// Makes a schedule and returns it.
    async fn make(&self, body: &Value) -> Value {
        let answer = self.send("POST", "", Some(body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    async fn read(&self, schedule: &Value) -> Value {
        let answer = self.send("GET", &path(schedule), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn put(&self, schedule: &Value, body: &Value) -> Value {
        let answer = self.send("PUT", &path(schedule), Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Asks for a digest and returns the run's id.
    async fn send_now(&self, schedule: &Value) -> String {
        // A key of its own, since two may follow each other within a minute.
        let answer = self.send_with_key(schedule, &Uuid::new_v4().to_string()).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json()["run_id"].as_str().unwrap().to_owned()
    }

    async fn send_with_key(&self, schedule: &Value, key: &str) -> Answer {
        let url = self.url(&format!("{}/send", path(schedule)));
        send(reqwest::Client::new().post(url).header("idempotency-key", key), Some(&self.admin)).await
    }

    async fn log(&self, schedule: &Value) -> Vec<Value> {
        let answer = self.send("GET", &format!("{}/deliveries?limit=100", path(schedule)), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["deliveries"].as_array().unwrap().clone()
    }

    /// The log's statuses, newest first.
    async fn statuses(&self, schedule: &Value) -> Vec<String> {
        self.log(schedule).await.iter().map(|entry| entry["status"].as_str().unwrap().to_owned()).collect()
    }

    /// Lets the tick run until it has done all it can for the schedule. Another test's may have it in hand.
    async fn tick(&self, schedule: &Value) {
        let started = Instant::now();
        loop {
            claim(self.stack).await;
            let left: i64 = self
                .client
                .query_one(
                    "select count(*) from report_schedules as s left join report_runs as r on r.schedule_id = s.id
                     where s.id = $1 and (r.status = 'open' or s.enabled and s.next_run_at <= now())",
                    &[&id(schedule)],
                )
                .await
                .unwrap()
                .get(0);
            if left == 0 {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "{left} of {schedule} are left");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// As an operator does, with `{"force": true}`.
    async fn make_due(&self, schedule: &Value, at: DateTime<Utc>) {
        let sql = "update report_schedules set next_run_at = $2 where id = $1";
        assert_eq!(self.client.execute(sql, &[&id(schedule), &at]).await.unwrap(), 1);
    }

    /// The raw messages to our recipients, oldest first.
    fn mails(&self) -> Vec<Vec<u8>> {
        let domain = format!("@{}.example", self.centre.tenant);
        let mut files: Vec<_> = std::fs::read_dir(&self.stack.endpoints.mail_dir)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|file| file.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        files.sort();
        files
            .into_iter()
            .map(|file| std::fs::read(file).unwrap())
            .filter(|mail| String::from_utf8_lossy(mail).contains(&domain))
            .collect()
    }

    fn recipients(&self) -> Vec<String> {
        let mut recipients: Vec<String> = self.mails().iter().map(|mail| recipient(&parsed(mail))).collect();
        recipients.sort();
        recipients
    }

    /// The link by which this recipient leaves, of the latest mail.
    fn link(&self, name: &str) -> String {
        let address = self.address(name);
        let mails = self.mails();
        let mail = mails.iter().rev().map(|mail| parsed(mail)).find(|mail| recipient(mail) == address).unwrap();
        unsubscribe_link(&mail)
    }
}

fn parsed(mail: &[u8]) -> Message<'_> {
    MessageParser::default().parse(mail).unwrap()
}

fn id(schedule: &Value) -> Uuid {
    schedule["id"].as_str().unwrap().parse().unwrap()
}

fn path(schedule: &Value) -> String {
    format!("/{}", schedule["id"].as_str().unwrap())
}

/// The body with some fields changed; null takes one out.
fn with(body: &Value, changes: Value) -> Value {
    let mut body = body.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    body
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("{value} is no instant")).parse().unwrap()
}

async fn connect(stack: &Stack) -> Client {
    stack.postgres.connect(&stack.database).await.unwrap()
}

/// The first day after `after` that `is_day`, at this local time of Madrid or UTC, which clocks do not skip.
fn next(
    zone: impl TimeZone,
    after: DateTime<Utc>,
    time: NaiveTime,
    is_day: impl Fn(NaiveDate) -> bool,
) -> DateTime<Utc> {
    let today = after.with_timezone(&zone).date_naive();
    (0..40)
        .map(|days| today + Days::new(days))
        .filter(|date| is_day(*date))
        .map(|date| zone.from_local_datetime(&date.and_time(time)).earliest().unwrap().to_utc())
        .find(|at| *at > after)
        .unwrap()
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

#[test]
fn a_schedule_from_its_making_to_its_deletion() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let before = Utc::now();
        let answer = office.send("POST", "", Some(&office.body(&["Ana", "bo"]))).await;
        assert_eq!((answer.status, answer.content_type()), (201, "application/json"), "{}", answer.text);
        let made = answer.json();
        let location = format!("/api/v1/report-schedules/{}", made["id"].as_str().unwrap());
        assert_eq!(answer.headers[LOCATION], location.as_str());
        assert_eq!(
            made,
            json!({
                "id": made["id"], "report": "campaigns", "cadence": "weekly", "day_of_week": 1, "day_of_month": null,
                "hour_utc": 6, "time": null, "timezone": null,
                "recipients": [office.address("Ana"), office.address("bo")], "unsubscribed": [], "enabled": true,
                "next_run_at": made["next_run_at"], "last_run_at": null, "last_status": null,
                "created_at": made["created_at"], "updated_at": made["created_at"],
            })
        );
        assert!(before <= instant(&made["created_at"]) && instant(&made["created_at"]) <= Utc::now(), "{made}");
        assert_eq!(get(&format!("{}{location}", stack.endpoints.api), Some(&office.admin)).await.json(), made);

        let change = json!({"report": "call-volume", "cadence": "monthly", "day_of_month": 28, "time": "00:05",
            "timezone": "Europe/Madrid", "recipients": [office.address("cy")], "enabled": false});
        let changed = office.put(&made, &change).await;
        assert_eq!(
            changed,
            json!({
                "id": made["id"], "report": "call-volume", "cadence": "monthly", "day_of_week": null, "day_of_month": 28,
                "hour_utc": null, "time": "00:05", "timezone": "Europe/Madrid",
                "recipients": [office.address("cy")], "unsubscribed": [], "enabled": false,
                "next_run_at": null, "last_run_at": null, "last_status": null,
                "created_at": made["created_at"], "updated_at": changed["updated_at"],
            })
        );
        assert!(instant(&changed["updated_at"]) > instant(&made["updated_at"]));
        assert_eq!(office.read(&made).await, changed);
        let listed = office.send("GET", "", None).await;
        assert_eq!((listed.status, listed.json()), (200, json!({"schedules": [changed], "next_cursor": null})));

        let deleted = office.send("DELETE", &path(&made), None).await;
        assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
        assert_eq!(office.send("GET", "", None).await.json()["schedules"], json!([]));
        for (method, rest, body) in
            [("GET", "", None), ("PUT", "", Some(&change)), ("DELETE", "", None), ("POST", "/send", None)]
        {
            let answer = office.send(method, &format!("{}{rest}", path(&made)), body).await;
            assert_eq!((answer.status, answer.content_type()), (404, "application/problem+json"), "{method} {rest}");
        }
        assert_eq!(office.log(&made).await, [Value::Null; 0]);
    });
}

#[test]
fn when_it_runs_next() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let body = office.body(&["ana"]);
        let madrid = json!({"hour_utc": null, "time": "08:30", "timezone": "Europe/Madrid"});
        let monthly = json!({"cadence": "monthly", "day_of_week": null, "day_of_month": 15});
        let on = |day: Weekday| move |date: NaiveDate| date.weekday() == day;
        let now = Utc::now();
        let runs = [
            (with(&body, json!({"day_of_week": 0})), next(Utc, now, clock(6, 0), on(Weekday::Sun))),
            (with(&body, json!({"day_of_week": 6, "hour_utc": 23})), next(Utc, now, clock(23, 0), on(Weekday::Sat))),
            (with(&body, json!({"hour_utc": 0})), next(Utc, now, clock(0, 0), on(Weekday::Mon))),
            (with(&with(&body, monthly.clone()), json!({})), next(Utc, now, clock(6, 0), |date| date.day() == 15)),
            (with(&body, madrid.clone()), next(Madrid, now, clock(8, 30), on(Weekday::Mon))),
            (with(&with(&body, monthly), madrid), next(Madrid, now, clock(8, 30), |date| date.day() == 15)),
        ];
        for (body, expected) in &runs {
            let made = office.make(body).await;
            assert_eq!(instant(&made["next_run_at"]), *expected, "{body}");
        }

        let schedule = office.make(&body).await;
        let regular = instant(&schedule["next_run_at"]);
        // What the database says, until the timetable is another one.
        let odd = now + TimeDelta::minutes(90);
        office.make_due(&schedule, odd).await;
        let odd = instant(&office.read(&schedule).await["next_run_at"]);
        let other = with(&body, json!({"report": "agents", "recipients": [office.address("bo")]}));
        assert_eq!(instant(&office.put(&schedule, &other).await["next_run_at"]), odd);
        // The same time in other words is the same time.
        let words = with(&other, json!({"hour_utc": null, "time": "06:00", "timezone": "UTC"}));
        let said = office.put(&schedule, &words).await;
        assert_eq!(
            (instant(&said["next_run_at"]), &said["hour_utc"], &said["time"]),
            (odd, &Value::Null, &json!("06:00"))
        );
        let moved = with(&body, json!({"hour_utc": 7}));
        assert_eq!(
            instant(&office.put(&schedule, &moved).await["next_run_at"]),
            next(Utc, now, clock(7, 0), on(Weekday::Mon))
        );
        // Disabled it has none, and enabled again it begins anew, whatever was missed.
        assert_eq!(office.put(&schedule, &with(&body, json!({"enabled": false}))).await["next_run_at"], Value::Null);
        office.make_due(&schedule, now - TimeDelta::days(30)).await;
        assert_eq!(office.read(&schedule).await["next_run_at"], Value::Null);
        assert_eq!(instant(&office.put(&schedule, &body).await["next_run_at"]), regular);
    });
}

#[test]
fn bodies_that_are_refused() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let good = office.body(&["ana"]);
        let schedule = office.make(&good).await;
        let many: Vec<String> = (0..51).map(|n| office.address(&format!("n{n}"))).collect();
        let monthly = json!({"cadence": "monthly", "day_of_week": null});
        let hour = "must be a whole number from 0 to 23";
        let beside = "cannot be given beside hour_utc: give hour_utc, or time with timezone";
        let clock = "must be HH:MM, from 00:00 to 23:59";
        let zone =
            "must be the name of an IANA time zone, such as Europe/Madrid, in upper and lower case as IANA has it";
        let reports = "must be campaigns or agents or call-volume or compliance or dispositions";
        let known = "is listed before: upper and lower case make no difference";
        let cases: Vec<(Value, Vec<(&str, &str)>)> = vec![
            (
                json!({}),
                vec![
                    ("report", "is missing"),
                    ("cadence", "is missing"),
                    ("hour_utc", "is missing: give it, from 0 to 23, or time with timezone"),
                    ("recipients", "is missing"),
                ],
            ),
            (
                json!({"report": "sales", "cadence": "daily", "hour_utc": 24, "recipients": [], "enabled": "yes", "name": "x"}),
                vec![
                    ("report", reports),
                    ("cadence", "must be weekly or monthly"),
                    ("hour_utc", hour),
                    ("recipients", "must have 1 to 50 elements"),
                    ("enabled", "must be true or false"),
                    ("name", "is not a field of this object"),
                ],
            ),
            (
                with(&good, json!({"day_of_week": null})),
                vec![("day_of_week", "is missing: a weekly schedule needs it, from 0 (Sunday) to 6 (Saturday)")],
            ),
            (with(&good, json!({"day_of_week": 7})), vec![("day_of_week", "must be a whole number from 0 to 6")]),
            (with(&good, json!({"day_of_week": "1"})), vec![("day_of_week", "must be a whole number from 0 to 6")]),
            (with(&good, json!({"day_of_week": 1.5})), vec![("day_of_week", "must be a whole number from 0 to 6")]),
            (
                with(&good, json!({"day_of_month": 1})),
                vec![("day_of_month", "is for monthly schedules: a weekly one has a day_of_week")],
            ),
            (
                with(&good, monthly.clone()),
                vec![("day_of_month", "is missing: a monthly schedule needs it, from 1 to 28")],
            ),
            (
                with(&with(&good, monthly), json!({"day_of_month": 29})),
                vec![("day_of_month", "must be a whole number from 1 to 28")],
            ),
            (
                with(&good, json!({"cadence": "monthly", "day_of_month": 28})),
                vec![("day_of_week", "is for weekly schedules: a monthly one has a day_of_month")],
            ),
            (with(&good, json!({"hour_utc": -1})), vec![("hour_utc", hour)]),
            (with(&good, json!({"time": "06:00", "timezone": "UTC"})), vec![("time", beside), ("timezone", beside)]),
            (
                with(&good, json!({"hour_utc": null, "time": "06:00"})),
                vec![("timezone", "is missing: an IANA time zone such as Europe/Madrid, which goes with time")],
            ),
            (
                with(&good, json!({"hour_utc": null, "timezone": "UTC"})),
                vec![("time", "is missing: HH:MM, which goes with timezone")],
            ),
            (with(&good, json!({"recipients": many})), vec![("recipients", "must have 1 to 50 elements")]),
            (with(&good, json!({"recipients": "a@b.example"})), vec![("recipients", "must be a list")]),
            (
                with(&good, json!({"recipients": ["A@b.example", "x", 1, "a@B.EXAMPLE", "é@b.example"]})),
                vec![
                    ("recipients[1]", "must be an e-mail address such as name@example.com"),
                    ("recipients[2]", "must be a text"),
                    ("recipients[3]", known),
                    ("recipients[4]", "must have only ASCII characters before the @: SES takes no others there"),
                ],
            ),
            (
                with(&good, json!({"tenant_id": office.centre.tenant})),
                vec![("tenant_id", "is not a field of this object")],
            ),
            (json!([]), vec![("(body)", "must be a JSON object")]),
        ];
        let times = ["6:00", "24:00", "06:60", "06:00:00", "0600", "", "+6:00", "６:00", " 6:00"];
        let zones = ["Europe/madrid", "CEST", "+02:00", "", "Mars/Olympus", &"x".repeat(200)];
        let times = times.map(|time| (json!({"hour_utc": null, "time": time, "timezone": "UTC"}), ("time", clock)));
        let zones =
            zones.map(|name| (json!({"hour_utc": null, "time": "06:00", "timezone": name}), ("timezone", zone)));
        let texts = times.into_iter().chain(zones).map(|(changes, error)| (with(&good, changes), vec![error]));
        for (body, expected) in cases.into_iter().chain(texts) {
            for (method, path) in [("POST", String::new()), ("PUT", path(&schedule))] {
                let answer = office.send(method, &path, Some(&body)).await;
                assert_eq!(answer.status, 400, "{method} {body}: {}", answer.text);
                let problem = answer.json();
                let errors: Vec<(&str, &str)> = problem["errors"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|error| (error["field"].as_str().unwrap(), error["message"].as_str().unwrap()))
                    .collect();
                assert_eq!(errors, expected, "{method} {body}");
            }
        }
        assert_eq!(office.read(&schedule).await, schedule, "nothing was changed");
        assert_eq!(office.send("GET", "", None).await.json()["schedules"], json!([schedule]));
        // The most that is good.
        office.make(&with(&good, json!({"recipients": many[..50]}))).await;
    });
}

#[test]
fn nothing_of_it_is_for_another_tenant() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let (ours, theirs) = (Office::new(stack, &client).await, Office::new(stack, &client).await);
        let schedule = ours.make(&ours.body(&["ana"])).await;
        let platform = &stack.endpoints.tokens.platform_admin;
        let body = theirs.body(&["eve"]);
        let routes = [
            ("GET", "", None),
            ("PUT", "", Some(&body)),
            ("DELETE", "", None),
            ("POST", "/send", None),
            ("GET", "/deliveries", None),
        ];
        for key in [&theirs.admin, platform] {
            for (method, rest, body) in routes {
                let url = ours.url(&format!("{}{rest}", path(&schedule)));
                let answer = request(method, &url, key, body).await;
                assert_eq!(answer.status, 404, "{method} {rest}: {}", answer.text);
                assert_eq!(answer.json()["detail"], "There is no such report schedule.");
            }
        }
        assert_eq!(theirs.send("GET", "", None).await.json()["schedules"], json!([]));
        assert_eq!(ours.read(&schedule).await, schedule);
        assert!(ours.log(&schedule).await.is_empty());
        // Schedules are the caller's own, also for those who read other tenants' reports.
        let query = format!("tenant_id={}", ours.centre.tenant);
        for key in [&ours.admin, platform] {
            for (method, rest, body) in routes
                .into_iter()
                .map(|(method, rest, body)| (method, path(&schedule) + rest, body))
                .chain([("GET", String::new(), None), ("POST", String::new(), Some(&body))])
            {
                let answer = request(method, &ours.url(&format!("{rest}?{query}")), key, body).await;
                assert_eq!((answer.status, answer.fields()), (400, vec!["tenant_id".to_owned()]), "{method} {rest}");
            }
        }
        for odd in ["none", "0b8a51d44d9e4c078d2f5b0d0c1a2b3c", "%00", "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c"] {
            assert_eq!(ours.send("GET", &format!("/{odd}"), None).await.status, 404, "{odd}");
            assert_eq!(ours.send("GET", &format!("/{odd}/deliveries"), None).await.status, 404, "{odd}");
        }
    });
}

#[test]
fn lists_in_pages_that_stay_as_they_are() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let mut made = Vec::new();
        for n in 0..5 {
            made.push(office.make(&office.body(&[&format!("n{n}"), "all"])).await);
        }
        // A tie of creation at a border.
        client
            .execute(
                "update report_schedules set created_at = '2026-01-01T00:00:00Z' where id = any($1)",
                &[&vec![id(&made[1]), id(&made[2]), id(&made[3])]],
            )
            .await
            .unwrap();
        let mut ids = Vec::new();
        let mut cursor = String::new();
        for expected in [2, 2, 1] {
            let page = office.send("GET", &format!("?limit=2{cursor}"), None).await.json();
            let rows = page["schedules"].as_array().unwrap();
            assert_eq!(rows.len(), expected);
            ids.extend(rows.iter().map(id));
            // What is newer is on no later page.
            office.make(&office.body(&["new"])).await;
            cursor = page["next_cursor"].as_str().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        }
        assert!(cursor.is_empty());
        let mut tied = vec![id(&made[1]), id(&made[2]), id(&made[3])];
        tied.sort_by(|a, b| b.cmp(a));
        assert_eq!(ids, [vec![id(&made[4]), id(&made[0])], tied].concat());
        for (query, field) in
            [("limit=0", "limit"), ("limit=101", "limit"), ("cursor=x", "cursor"), ("offset=1", "offset")]
        {
            for list in ["".to_owned(), format!("{}/deliveries", path(&made[0]))] {
                let answer = office.send("GET", &format!("{list}?{query}"), None).await;
                assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{list}?{query}");
            }
        }

        // The log: the newest run first, and its messages on pages that later runs do not move.
        let schedule = &made[0];
        let (first, second) = (office.send_now(schedule).await, office.send_now(schedule).await);
        office.tick(schedule).await;
        let deliveries = async |query: &str| {
            office.send("GET", &format!("{}/deliveries?{query}", path(schedule)), None).await.json()
        };
        let page = deliveries("limit=3").await;
        let third = office.send_now(schedule).await;
        let rest = deliveries(&format!("limit=3&cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!(rest["next_cursor"], Value::Null);
        let entries: Vec<&Value> =
            [&page, &rest].into_iter().flat_map(|page| page["deliveries"].as_array().unwrap()).collect();
        let runs: Vec<&str> = entries.iter().map(|entry| entry["run_id"].as_str().unwrap()).collect();
        assert_eq!(runs, [&second, &second, &first, &first]);
        let recipients: BTreeSet<&str> = entries.iter().map(|entry| entry["recipient"].as_str().unwrap()).collect();
        assert_eq!(recipients.len(), 2);
        assert_eq!(deliveries("limit=1").await["deliveries"][0]["run_id"], third.as_str());
        for entry in entries {
            let fields: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
            let described =
                ["run_id", "scheduled_for", "recipient", "status", "attempts", "message_id", "error", "updated_at"];
            assert_eq!(fields, described);
            assert_eq!(
                (&entry["status"], &entry["attempts"], &entry["error"]),
                (&json!("sent"), &json!(1), &Value::Null)
            );
            assert!(instant(&entry["updated_at"]) > instant(&entry["scheduled_for"]));
            let message_id = entry["message_id"].as_str().unwrap();
            let name = format!("{message_id}@eu-west-1.amazonses.com");
            assert!(office.mails().iter().any(|mail| parsed(mail).message_id() == Some(name.as_str())), "{message_id}");
        }
    });
}

#[test]
fn ten_changes_at_once_end_in_one_of_them() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let schedule = office.make(&office.body(&["ana"])).await;
        let bodies: Vec<Value> = (0..10)
            .map(|n| {
                let names = [format!("first{n}"), "Both".into(), format!("last{n}")].map(|name| office.address(&name));
                with(&office.body(&[]), json!({"report": REPORTS[n % 5], "hour_utc": n, "recipients": names}))
            })
            .collect();
        let path = path(&schedule);
        let answers = join_all(bodies.iter().map(|body| office.send("PUT", &path, Some(body)))).await;
        // Whoever was overtaken again and again is told so.
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)));
        assert!(answers.iter().any(|answer| answer.status == 200));
        let found = office.read(&schedule).await;
        let winner = bodies.iter().position(|body| body["hour_utc"] == found["hour_utc"]).unwrap();
        for field in ["report", "cadence", "day_of_week", "hour_utc", "recipients"] {
            assert_eq!(found[field], bodies[winner][field], "{field}");
        }
        assert_eq!(answers[winner].status, 200);
    });
}

#[test]
fn a_digest_is_sent_now() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        let schedule = office.make(&office.body(&["ana", "bo"])).await;
        // Twenty with the same key at once are one run.
        let answers = join_all((0..20).map(|_| office.send_with_key(&schedule, "one"))).await;
        let runs: BTreeSet<String> = answers.iter().map(|answer| answer.json()["run_id"].to_string()).collect();
        assert_eq!(runs.len(), 1, "{runs:?}");
        for answer in &answers {
            assert_eq!((answer.status, answer.json().as_object().unwrap().len()), (202, 1));
            let location = format!("/api/v1/report-schedules{}/deliveries", path(&schedule));
            assert_eq!(answer.headers[LOCATION], location.as_str());
        }
        let again = office.send_with_key(&schedule, "one").await.json()["run_id"].to_string();
        assert!(runs.contains(&again));
        let other = office.send_with_key(&schedule, "other").await.json()["run_id"].to_string();
        assert!(!runs.contains(&other));
        // Another user's key is another key.

        let second = callmetry_access::ApiKey::generate().unwrap();
        callmetry_local::tokens::store(&client, office.centre.tenant, "colleague", "admin", second.reveal())
            .await
            .unwrap();
        let url = office.url(&format!("{}/send", path(&schedule)));
        let theirs =
            send(reqwest::Client::new().post(&url).header("idempotency-key", "one"), Some(second.reveal())).await;
        assert_eq!(theirs.status, 202, "{}", theirs.text);
        assert!(!runs.contains(&theirs.json()["run_id"].to_string()));
        // Without one the minute is the key, for everybody.
        let minute = || Utc::now().timestamp() / 60;
        let (mut before, mut pair, mut in_minutes) = (0, vec![], BTreeSet::new());
        while before != minute() {
            before = minute();
            pair = vec![
                request("POST", &url, &office.admin, None).await.json()["run_id"].clone(),
                request("POST", &url, second.reveal(), None).await.json()["run_id"].clone(),
            ];
            in_minutes.extend(pair.iter().map(Value::to_string));
        }
        assert_eq!(pair[0], pair[1]);
        assert_eq!(office.read(&schedule).await["next_run_at"], schedule["next_run_at"]);

        office.tick(&schedule).await;
        let (ana, bo) = (office.address("ana"), office.address("bo"));
        // With a key three, and one a minute.
        let sent = 3 + in_minutes.len();
        assert_eq!(office.recipients(), [vec![ana.as_str(); sent], vec![bo.as_str(); sent]].concat());
        let shown = office.read(&schedule).await;
        assert_eq!((&shown["next_run_at"], &shown["last_status"]), (&schedule["next_run_at"], &json!("sent")));
        assert!(instant(&shown["last_run_at"]) >= instant(&schedule["created_at"]));

        // A disabled one is sent as well, and stays disabled.
        let idle = office.make(&with(&office.body(&["cy"]), json!({"enabled": false}))).await;
        office.send_now(&idle).await;
        office.tick(&idle).await;
        assert_eq!(office.statuses(&idle).await, ["sent"]);
        assert_eq!(office.read(&idle).await["enabled"], false);

        for key in [&"x".repeat(256), "a\tb", ""] {
            let answer = office.send_with_key(&idle, key).await;
            assert_eq!((answer.status, answer.fields()), (400, vec!["Idempotency-Key".to_owned()]), "{key:?}");
        }
        let bytes = reqwest::Client::new().post(&url).header("idempotency-key", &b"caf\xc3\xa9"[..]);
        assert_eq!(send(bytes, Some(&office.admin)).await.status, 400);
        let refused = request("POST", &url, &office.admin, Some(&json!({"to": "me"}))).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["to".to_owned()]));
        assert_eq!(office.send("POST", &format!("{}/send?now=1", path(&idle)), None).await.fields(), ["now"]);
    });
}

/// The bounds of the period before, of the period and of its end, of a schedule that ran last two days ago.
fn periods() -> (Weekday, [DateTime<Utc>; 3]) {
    let day = Utc::now().with_timezone(&Madrid).date_naive() - Days::new(2);
    let midnight = |date: NaiveDate| Madrid.from_local_datetime(&date.and_time(NaiveTime::MIN)).unwrap().to_utc();
    (day.weekday(), [day - Days::new(14), day - Days::new(7), day].map(midnight))
}

/// Calls and all else at the bounds of the periods and in them.
async fn work(centre: &Centre<'_>, [before, from, to]: [DateTime<Utc>; 3]) {
    let moment = TimeDelta::microseconds(1);
    let hours = Some((clock(9, 0), clock(21, 0)));
    let open = centre.campaign(Campaign { name: "Otoño ñ", hours, ..Default::default() }).await;
    let other = centre.campaign(Campaign { name: "B", ..Default::default() }).await;
    let (lead, agent) = (centre.lead(None).await, centre.agent("Ana", None).await);
    centre.disposition("SALE", true).await;
    let human = Attempt { answered_by: Some("human"), disposition: Some("SALE"), abandoned: false };
    let dropped = Attempt { answered_by: Some("human"), disposition: Some("DROP"), abandoned: true };
    let machine = Attempt { answered_by: Some("machine"), disposition: Some("AM"), ..Default::default() };
    let call = Call { agent: Some(agent), answered: true, talk_secs: 61, hangup_cause: "NORMAL", campaign: None };
    // Outside, both sides.
    for at in [before - moment, to] {
        centre.attempt(open, lead, at, dropped.clone()).await;
        centre.call(at, Call { talk_secs: 7_777, ..call.clone() }).await;
    }
    for (at, secs, attempts) in [
        (before, 40, vec![&human, &machine]),
        (from - moment, 50, vec![&dropped]),
        (from, 61, vec![&human, &human, &machine]),
        (to - moment, 3_600, vec![&dropped, &machine, &machine]),
    ] {
        for attempt in attempts {
            centre.attempt(open, lead, at, attempt.clone()).await;
            centre.attempt(other, lead, at, attempt.clone()).await;
        }
        centre.call(at, Call { talk_secs: secs, ..call.clone() }).await;
        centre.call(at, Call { answered: false, talk_secs: 0, agent: None, ..call.clone() }).await;
        centre.dnc(&format!("+{}", at.timestamp_micros()), "internal", at).await;
        centre.interval(agent, "available", at - TimeDelta::minutes(20), Some(at - TimeDelta::minutes(5))).await;
        centre.interval(agent, "busy", at - TimeDelta::minutes(5), Some(at)).await;
    }
}

/// The headlines of a report as its route answers it.
fn headlines(report: &str, answer: &Value, codes: &[(String, String)]) -> Vec<(String, String)> {
    let count = |value: &Value| value.as_i64().unwrap().to_string();
    let percent = |value: &Value| format!("{:.2}%", value.as_f64().unwrap());
    // Whole seconds here, and fewer than a hundred hours.
    let duration = |value: &Value| match value.as_f64().unwrap().round() as i64 {
        secs @ 3_600.. => format!("{} h {:02} m", (secs + 30) / 3_600, (secs + 30) / 60 % 60),
        secs @ 60.. => format!("{} m {:02} s", secs / 60, secs % 60),
        secs => format!("{secs} s"),
    };
    let totals = &answer["totals"];
    let found: Vec<(&str, String)> = match report {
        "campaigns" => vec![
            ("Attempts", count(&totals["attempts"])),
            ("Contact rate", percent(&totals["contact_rate"])),
            ("Conversion rate", percent(&totals["conversion_rate"])),
            ("Abandonment rate", percent(&totals["abandonment_rate"])),
        ],
        "agents" => vec![
            ("Calls", count(&totals["calls"])),
            ("Talk time", duration(&totals["talk_secs"])),
            ("Occupancy", percent(&totals["occupancy"])),
            ("QA average", totals["qa_avg_score"].as_f64().map_or("none".into(), |mean| format!("{mean:.2}"))),
        ],
        "call-volume" => vec![
            ("Total calls", count(&totals["total_calls"])),
            ("Answered", count(&totals["answered"])),
            ("Answer-seizure ratio", percent(&totals["asr"])),
            ("Average call duration", duration(&totals["acd_secs"])),
        ],
        "compliance" => vec![
            ("DNC additions", count(&answer["dnc"]["additions"])),
            ("DNC total", count(&answer["dnc"]["total"])),
            ("Abandonment breaches", count(&answer["abandonment"]["breaches"])),
            ("Calling-hours coverage", percent(&answer["calling_hours"]["coverage"])),
        ],
        _ => {
            let rows = answer["rows"].as_array().unwrap();
            let share = |code: &String| match rows.iter().find(|row| row["code"] == code.as_str()) {
                None => "0 (0.00%)".to_owned(),
                Some(row) => format!("{} ({})", count(&row["count"]), percent(&row["share"])),
            };
            std::iter::once(("Dispositions", count(&totals["count"])))
                .chain(codes.iter().map(|(code, label)| (label.as_str(), share(code))))
                .collect()
        }
    };
    found.into_iter().map(|(label, figure)| (label.to_owned(), figure)).collect()
}

#[test]
fn what_an_operator_makes_due_is_about_the_latest_period_and_agrees_with_the_reports() {
    run(async {
        let stack = shared_stack().await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        client
            .execute("update tenants set name = 'Teléfonos Ñandú' where id = $1", &[&office.centre.tenant])
            .await
            .unwrap();
        let (day, bounds) = periods();
        work(&office.centre, bounds).await;
        let [before, from, to] = bounds;
        let read = async |report: &str, from: DateTime<Utc>, to: DateTime<Utc>| {
            let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            let query = format!("{report}?from={}&to={}", instant(from), instant(to));
            get(&format!("{}/api/v1/reports/{query}", stack.endpoints.api), Some(&office.admin)).await.json()
        };
        for report in REPORTS {
            let body = json!({"report": report, "cadence": "weekly", "day_of_week": day.num_days_from_sunday(),
                "time": "08:00", "timezone": "Europe/Madrid", "recipients": [office.address(report)]});
            let schedule = office.make(&body).await;
            let regular = schedule["next_run_at"].clone();
            office.make_due(&schedule, Utc::now() - TimeDelta::seconds(5)).await;
            office.tick(&schedule).await;
            let shown = office.read(&schedule).await;
            assert_eq!((&shown["next_run_at"], &shown["last_status"]), (&regular, &json!("sent")), "{report}");

            let (now, earlier) = (read(report, from, to).await, read(report, before, from).await);
            // The three most frequent codes of the period, also where they are looked up in the one before.
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let rows = now["rows"].as_array().into_iter().flatten();
            let codes: Vec<_> = rows.map(|row| (text(&row["code"]), text(&row["label"]))).take(3).collect();
            let mails = office.mails();
            let mail = parsed(mails.last().unwrap());
            let text = mail.body_text(0).unwrap().replace('\r', "");
            let html = mail.body_html(0).unwrap();
            for ((label, current), (_, previous)) in
                headlines(report, &now, &codes).iter().zip(headlines(report, &earlier, &codes))
            {
                assert!(
                    text.contains(&format!("\n{label}: {current}\n  before: {previous}\n")),
                    "{label} {current} {previous}: {text}"
                );
                assert!(html.contains(label.as_str()) && html.contains(current.as_str()), "{label} {current}: {html}");
            }
            let date = |at: DateTime<Utc>| at.with_timezone(&Madrid).date_naive();
            let (first, last) = (date(from), date(to) - Days::new(1));
            let title = ReportName::ALL.into_iter().find(|name| name.as_str() == report).unwrap().title();
            let subject = mail.subject().unwrap();
            assert!(subject.starts_with(&format!("{title}: {}", first.day())), "{subject}");
            let end = format!("–{} (Europe/Madrid) – Teléfonos Ñandú", last.format("%-d %b %Y"));
            assert!(subject.replace(" – ", "–").ends_with(&end.replace(" – ", "–")), "{subject}: {end}");
            assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("reports@example.com"));
            assert_eq!(recipient(&mail), office.address(report));
        }
        assert_eq!(office.recipients().len(), 5);
    });
}

#[test]
fn how_runs_end() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        let rejects = BTreeSet::from([office.address("bad"), office.address("worse")]);
        stack.ses.behave(Behaviour { rejects: rejects.clone(), ..Default::default() });
        for (names, status, entries) in [
            (vec!["ana", "bo"], "sent", vec!["sent", "sent"]),
            (vec!["ana", "bad"], "partial", vec!["sent", "failed"]),
            (vec!["bad", "worse"], "failed", vec!["failed", "failed"]),
        ] {
            let schedule = office.make(&office.body(&names)).await;
            let run = office.send_now(&schedule).await;
            assert_eq!(office.statuses(&schedule).await, ["sending", "sending"], "what waits is on its way");
            assert_eq!(office.read(&schedule).await["last_status"], Value::Null);
            office.tick(&schedule).await;
            let shown = office.read(&schedule).await;
            assert_eq!((&shown["last_status"], &shown["recipients"]), (&json!(status), &schedule["recipients"]));
            let log = office.log(&schedule).await;
            let found: BTreeSet<(&str, &str)> = log
                .iter()
                .map(|entry| (entry["recipient"].as_str().unwrap(), entry["status"].as_str().unwrap()))
                .collect();
            let addresses: Vec<String> = names.iter().map(|name| office.address(name)).collect();
            assert_eq!(found, addresses.iter().map(String::as_str).zip(entries).collect());
            for entry in &log {
                assert_eq!((&entry["run_id"], &entry["attempts"]), (&json!(run), &json!(1)));
                let (error, message_id) = (entry["error"].as_str(), entry["message_id"].as_str());
                match entry["status"].as_str() {
                    Some("failed") => {
                        assert_eq!((error, message_id), (Some("MessageRejected: Address blacklisted."), None))
                    }
                    _ => assert!(error.is_none() && message_id.is_some(), "{entry}"),
                }
            }
        }

        // Three weeks down: the latest is sent, the two before it are skipped.
        let schedule = office.make(&office.body(&["cy"])).await;
        let next = instant(&schedule["next_run_at"]);
        let missed: Vec<_> = (1..=3).map(|weeks| next - TimeDelta::weeks(weeks)).collect();
        office.make_due(&schedule, missed[2]).await;
        office.tick(&schedule).await;
        let mut log: Vec<_> = office
            .log(&schedule)
            .await
            .into_iter()
            .map(|entry| {
                (
                    instant(&entry["scheduled_for"]),
                    entry["status"].clone(),
                    entry["recipient"].clone(),
                    entry["error"].clone(),
                )
            })
            .collect();
        // Newest first, also those of one moment.
        log.reverse();
        let skipped = |at| (at, json!("skipped"), Value::Null, json!("A later occurrence was due as well."));
        assert_eq!(
            log,
            [
                skipped(missed[2]),
                skipped(missed[1]),
                (missed[0], json!("sent"), json!(office.address("cy")), Value::Null)
            ]
        );
        let shown = office.read(&schedule).await;
        assert_eq!((&shown["last_status"], &shown["next_run_at"]), (&json!("sent"), &schedule["next_run_at"]));
        assert_eq!(office.recipients().iter().filter(|to| to.starts_with("cy@")).count(), 1);

        // Whoever may have got it counts as one who did.
        stack.ses.behave(Behaviour::every(1, Fault::FailsSent));
        office.send_now(&schedule).await;
        office.tick(&schedule).await;
        assert_eq!(office.read(&schedule).await["last_status"], "partial");
        assert_eq!(office.statuses(&schedule).await[0], "unknown");
    });
}

#[test]
fn what_the_account_may_not_send_is_given_up_after_a_day() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
        let schedule = office.make(&office.body(&names.iter().map(String::as_str).collect::<Vec<_>>())).await;
        stack.ses.behave(Behaviour::every(1, Fault::AccountSuspended));
        let run = office.send_now(&schedule).await;
        claim(&stack).await;
        assert!(stack.ses.counts().calls < 30, "it does not go on trying");
        assert_eq!(office.statuses(&schedule).await, vec!["sending"; 30]);
        // A day later, and SES takes all again. Nobody gets a digest of yesterday.
        stack.ses.behave(Behaviour::default());
        client
            .execute(
                "update report_runs set created_at = created_at - interval '1 day', available_at = now() where id = $1",
                &[&run.parse::<Uuid>().unwrap()],
            )
            .await
            .unwrap();
        office.tick(&schedule).await;
        assert_eq!(office.statuses(&schedule).await, vec!["failed"; 30]);
        assert_eq!((office.recipients().len(), &office.read(&schedule).await["last_status"]), (0, &json!("failed")));
        for entry in office.log(&schedule).await {
            let error = entry["error"].as_str().unwrap();
            let expected =
                if entry["attempts"] == 0 { "It could not be sent in time." } else { "AccountSuspendedException" };
            assert!(error.starts_with(expected), "{entry}");
        }
    });
}

#[test]
fn what_is_due_survives_a_change_and_what_is_deleted_is_not_sent() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        // It is due, and nobody has come yet: it is sent as the schedule says now.
        let schedule = office.make(&office.body(&["old"])).await;
        let due = instant(&schedule["next_run_at"]) - TimeDelta::weeks(2);
        office.make_due(&schedule, due).await;
        let body = with(&office.body(&["new"]), json!({"report": "agents"}));
        assert_eq!(instant(&office.put(&schedule, &body).await["next_run_at"]), due);
        // Other days count from the one on that is due.
        let body = with(&body, json!({"day_of_week": 3}));
        assert_eq!(instant(&office.put(&schedule, &body).await["next_run_at"]), due + TimeDelta::days(2));
        // And what is no longer of the schedule is not lost without a word.
        let left_out = async |schedule: &Value, at: DateTime<Utc>| {
            let log = office.log(schedule).await;
            let [entry] = &log[..] else { panic!("{log:?}") };
            assert_eq!((instant(&entry["scheduled_for"]), &entry["status"]), (at, &json!("skipped")));
            assert_eq!(entry["error"], "The schedule was changed before it was sent.");
        };
        left_out(&schedule, due).await;
        let paused = office.make(&office.body(&["paused"])).await;
        let overdue = instant(&paused["next_run_at"]) - TimeDelta::weeks(1);
        office.make_due(&paused, overdue).await;
        office.put(&paused, &with(&office.body(&["paused"]), json!({"enabled": false}))).await;
        left_out(&paused, overdue).await;
        office.tick(&schedule).await;
        assert_eq!(office.recipients(), [office.address("new")]);
        assert!(parsed(&office.mails()[0]).subject().unwrap().starts_with("Agents: "));
        let wednesday = instant(&office.read(&schedule).await["next_run_at"]);
        assert_eq!(wednesday.weekday(), Weekday::Wed);

        // Made and not sent when it is deleted.
        let gone = office.make(&office.body(&["never"])).await;
        let run = office.send_now(&gone).await;
        assert_eq!(office.send("DELETE", &path(&gone), None).await.status, 204);
        office.tick(&gone).await;
        let log = office.log(&gone).await;
        assert_eq!(log.len(), 1);
        assert_eq!(
            (&log[0]["run_id"], &log[0]["status"], &log[0]["error"], &log[0]["attempts"]),
            (&json!(run), &json!("skipped"), &json!("The schedule was deleted."), &json!(0))
        );
        // Due and not claimed when it is deleted.
        let late = office.make(&office.body(&["never"])).await;
        office.make_due(&late, Utc::now() - TimeDelta::minutes(1)).await;
        assert_eq!(office.send("DELETE", &path(&late), None).await.status, 204);
        claim(&stack).await;
        assert!(office.log(&late).await.is_empty());
        assert_eq!(office.recipients().len(), 1);

        // Owed to somebody who leaves before it is sent.
        let schedule = office.make(&office.body(&["stays", "leaves"])).await;
        office.send_now(&schedule).await;
        office.tick(&schedule).await;
        stack.ses.refuse_connections(true).await.unwrap();
        office.send_now(&schedule).await;
        claim(&stack).await;
        assert_eq!(office.statuses(&schedule).await, ["sending", "sending", "sent", "sent"]);
        assert_eq!(post(&office.link("leaves")).await.status, 200);
        stack.ses.refuse_connections(false).await.unwrap();
        end_leases(&client).await;
        client.execute("update report_deliveries set retry_at = null", &[]).await.unwrap();
        office.tick(&schedule).await;
        let latest = &office.log(&schedule).await[..2];
        let found: BTreeSet<(&str, &str)> = latest
            .iter()
            .map(|entry| (entry["recipient"].as_str().unwrap(), entry["status"].as_str().unwrap()))
            .collect();
        let (stays, leaves) = (office.address("stays"), office.address("leaves"));
        assert_eq!(found, BTreeSet::from([(stays.as_str(), "sent"), (leaves.as_str(), "unsubscribed")]));
        assert_eq!(office.recipients().iter().filter(|to| **to == leaves).count(), 1);
        assert_eq!(office.read(&schedule).await["last_status"], "sent", "of those who want it");
    });
}

#[test]
fn a_message_as_it_is_sent() {
    run(async {
        // Its own, since nobody else's tick may come before the period is set.
        let stack = &private_stack(&[]).await;
        let client = connect(stack).await;
        let office = Office::new(stack, &client).await;
        client
            .execute("update tenants set name = 'Teléfonos 電話' where id = $1", &[&office.centre.tenant])
            .await
            .unwrap();
        let schedule = office.make(&with(&office.body(&["ana", "bo"]), json!({"report": "dispositions"}))).await;
        let from: DateTime<Utc> = "2026-03-02T00:00:00Z".parse().unwrap();
        let (campaign, lead) = (office.centre.campaign(Campaign::default()).await, office.centre.lead(None).await);
        let sold = Attempt { disposition: Some("Größe <b>"), ..Default::default() };
        for hours in [1, 2, 200] {
            office
                .centre
                .attempt(campaign, lead, from + TimeDelta::hours(hours) - TimeDelta::days(7), sold.clone())
                .await;
        }
        office.send_now(&schedule).await;
        // Its period is a fixed one, so that it reads the same on every day.
        client
            .execute(
                "update report_runs set from_at = $2::timestamptz, to_at = $2::timestamptz + interval '7 days',
                     previous_from_at = $2::timestamptz - interval '7 days'
                 where schedule_id = $1 and status = 'open' and lease_token is null",
                &[&id(&schedule), &from],
            )
            .await
            .unwrap();
        office.tick(&schedule).await;
        let mails = office.mails();
        assert_eq!(mails.len(), 2);
        for mail in &mails {
            assert!(
                mail.is_ascii() && !mail.windows(2).any(|pair| pair[0] != b'\r' && pair[1] == b'\n'),
                "as SMTP has it"
            );
            let mail = parsed(mail);
            assert_eq!(mail.to().unwrap().iter().count(), 1);
            assert!(mail.cc().is_none() && mail.bcc().is_none());
            assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
            assert!(mail.subject().unwrap().ends_with(" (UTC) – Teléfonos 電話"), "{:?}", mail.subject());
            let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
            assert!(text.contains("Teléfonos 電話") && text.contains("Größe <b>: 1 "), "{text}");
            assert!(html.contains("Teléfonos 電話") && html.contains("Größe &#60;b&#62;"), "{html}");
            let api = &stack.endpoints.api;
            assert_eq!(
                (text.matches(&format!("{api}/reports")).count(), html.matches(&format!("{api}/reports")).count()),
                (1, 1)
            );
            assert_eq!(mail.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
            let link = unsubscribe_link(&mail);
            assert!(link.starts_with(&format!("{api}/unsubscribe?token=")), "{link}");
            assert!(text.contains(&link) && html.contains(&link));
            // The link names nobody.
            assert!(!link.contains("example") && !link.contains(&recipient(&mail)));
        }
        let links: BTreeSet<String> = mails.iter().map(|mail| unsubscribe_link(&parsed(mail))).collect();
        assert_eq!(links.len(), 2);
        let ana = mails.iter().find(|mail| recipient(&parsed(mail)) == office.address("ana")).unwrap();
        insta::with_settings!({filters => vec![
            (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
            (r"0102[0-9a-f]{12}-", "[time]-"),
            (r"Date: [^\n]+", "Date: [now]"),
            (r"http://127\.0\.0\.1:\d+", "https://[api]"),
            (r"token=[0-9A-Za-z_-]{60,}", "token=[token]"),
            (r#"boundary="[^"]+""#, r#"boundary="[boundary]""#),
            (r"--[0-9a-z_]{20,}", "--[boundary]"),
        ]}, {
            insta::assert_snapshot!("a_mail", joined(&String::from_utf8_lossy(ana)));
        });
    });
}

/// The body's lines in one piece each: where they are wrapped depends on the length of an address.
fn joined(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    let (header, body) = mail.split_once("\n\n").unwrap();
    format!("{header}\n\n{}", body.replace("=\n", "").replace("=3D", "="))
}

async fn post(link: &str) -> Answer {
    // As RFC 8058 has it.
    send(reqwest::Client::new().post(link).body("List-Unsubscribe=One-Click"), None).await
}

async fn as_browser(method: &str, link: &str) -> Answer {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    send(reqwest::Client::new().request(method.parse().unwrap(), link).header("accept", accept), None).await
}

fn assert_is_page(answer: &Answer) {
    let header = |name: &str| answer.headers[name].to_str().unwrap();
    assert_eq!(answer.content_type(), "text/html; charset=utf-8");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!((header("referrer-policy"), header("cache-control")), ("no-referrer", "no-store"));
    assert_eq!(header("x-content-type-options"), "nosniff");
}

#[test]
fn recipients_leave() {
    run(async {
        // Its own, since the log of its function is read.
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let (office, others) = (Office::new(&stack, &client).await, Office::new(&stack, &client).await);
        let schedule = office.make(&office.body(&["ana", "Bo"])).await;
        let foreign = others.make(&others.body(&["ana"])).await;
        for (office, schedule) in [(&office, &schedule), (&others, &foreign)] {
            office.send_now(schedule).await;
            office.tick(schedule).await;
        }

        // Looking changes nothing and does not ask the database, which may sleep.
        let link = office.link("ana");
        stack.data_api.pause(Duration::from_secs(3_600));
        let pages = [
            get(&link, None).await,
            as_browser("GET", &link).await,
            as_browser("GET", &format!("{link}&utm_source=x&utm_source=y&%ff")).await,
        ];
        for page in &pages {
            assert_eq!(page.status, 200, "{}", page.text);
            assert_is_page(page);
            assert!(page.text.contains("<form method=\"post\">") && !page.text.contains("token"), "{}", page.text);
            assert!(!page.text.contains("http") && !page.text.contains("src="), "nothing is loaded");
        }
        stack.data_api.pause(Duration::ZERO);
        tokio::time::sleep(Duration::from_millis(10)).await;
        let log = std::fs::read_to_string(stack.endpoints_file.with_file_name("logs").join("unsubscribe.log")).unwrap();
        assert_eq!(log.matches("\"db_calls\":0").count(), 3, "{log}");
        assert!(!log.contains(link.split_once("token=").unwrap().1), "no token in the log");
        assert_eq!(office.read(&schedule).await["unsubscribed"], json!([]));

        // What is not the whole token is not one.
        let good = link.split_once("token=").unwrap().1;
        for index in 0..good.len() {
            let mut altered = good.as_bytes().to_vec();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = link.replace(good, std::str::from_utf8(&altered).unwrap());
            assert_eq!(post(&altered).await.status, 403, "{index}");
        }
        let bare = link.split_once('?').unwrap().0;
        for query in [
            "",
            "?token=",
            "?token=x",
            "?token=%00",
            &format!("?token={good}=="),
            &format!("?token={good}A"),
            &format!("?Token={good}"),
        ] {
            for method in ["GET", "POST"] {
                let bad = format!("{bare}{query}");
                let page = as_browser(method, &bad).await;
                assert_eq!(page.status, 403, "{method} {query}: {}", page.text);
                assert_is_page(&page);
                assert!(page.text.contains("This link does not work") && !page.text.contains("<form"));
                let problem = send(reqwest::Client::new().request(method.parse().unwrap(), &bad), None).await;
                assert_eq!((problem.status, problem.content_type()), (403, "application/problem+json"));
                assert_eq!(problem.json()["status"], 403);
            }
        }
        assert_eq!(office.read(&schedule).await["unsubscribed"], json!([]));

        // What programs add is no matter; twice is the same.
        let done = post(&format!("{link}&utm_source=newsletter&fbclid=1")).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_is_page(&done);
        let shown = office.read(&schedule).await;
        let (ana, bo) = (office.address("ana"), office.address("Bo"));
        assert_eq!(
            (&shown["recipients"], &shown["unsubscribed"], &shown["enabled"]),
            (&json!([bo]), &json!([ana]), &json!(true))
        );
        let twice = as_browser("POST", &link).await;
        assert_eq!((twice.status, &twice.text), (200, &done.text));
        assert_eq!(office.read(&schedule).await, shown);
        office.send_now(&schedule).await;
        office.tick(&schedule).await;
        assert_eq!(office.recipients(), [bo.clone(), bo.clone(), ana.clone()]);

        // Listed again, in whatever case.
        let upper = ana.replace("ana@", "ANA@");
        let again = office.put(&schedule, &with(&office.body(&["Bo"]), json!({"recipients": [upper, bo]}))).await;
        assert_eq!((&again["recipients"], &again["unsubscribed"]), (&json!([bo]), &json!([upper])));
        // Taken off the list and put on it again.
        assert_eq!(office.put(&schedule, &office.body(&["Bo"])).await["unsubscribed"], json!([]));
        let again = office.put(&schedule, &office.body(&["ana", "Bo"])).await;
        assert_eq!((&again["recipients"], &again["unsubscribed"]), (&json!([bo]), &json!([ana])));

        // The last one gone.
        assert_eq!(post(&office.link("Bo")).await.status, 200);
        let shown = office.read(&schedule).await;
        assert_eq!(
            (&shown["enabled"], &shown["next_run_at"], &shown["recipients"]),
            (&json!(false), &Value::Null, &json!([]))
        );
        assert_eq!(shown["unsubscribed"], json!([ana, bo]));
        let refused = office.send_with_key(&schedule, "nobody").await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert_eq!(refused.json()["detail"], "Everybody on the list has unsubscribed: there is nobody to send to.");
        assert_eq!(office.put(&schedule, &office.body(&["ana", "Bo"])).await["enabled"], false);
        assert_eq!(office.put(&schedule, &office.body(&["ana", "cy"])).await["enabled"], true);

        // Nothing of it was the other tenant's, nor another schedule's of the same address.
        let theirs = others.read(&foreign).await;
        assert_eq!((&theirs["recipients"], &theirs["unsubscribed"]), (&foreign["recipients"], &json!([])));
        let second = office.make(&office.body(&["ana"])).await;
        assert_eq!(second["recipients"], json!([ana]));
        assert_eq!(post(&others.link("ana")).await.status, 200);
        assert_eq!(others.read(&foreign).await["enabled"], false);
        assert_eq!(office.read(&second).await, second);
    });
}

#[test]
fn the_tick_is_told_before_anything_is_due() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        let folder = &stack.endpoints.bucket_dir;
        let gate = folder.join("tick/gate.json");
        let awake_until = || {
            let state: Value = serde_json::from_slice(&std::fs::read(&gate).unwrap()).unwrap();
            assert_eq!(state.as_object().unwrap().len(), 1, "{state}");
            instant(&state["awake_until"])
        };
        let in_ten_minutes = Utc::now() + TimeDelta::minutes(10);
        let body = office.body(&["ana"]);
        let schedule = office.make(&body).await;
        assert!(awake_until() >= in_ten_minutes);
        for send in [false, true] {
            std::fs::remove_file(&gate).unwrap();
            if send {
                office.send_now(&schedule).await;
            } else {
                office.put(&schedule, &body).await;
            }
            assert!(awake_until() >= in_ten_minutes);
        }
        let (shown, log) = (office.read(&schedule).await, office.log(&schedule).await);

        // Where it cannot be told, nothing is made due.
        let away = folder.with_extension("away");
        std::fs::rename(folder, &away).unwrap();
        // The stand-in would make the folder anew.
        std::fs::write(folder, "").unwrap();
        let other = with(&body, json!({"hour_utc": 9}));
        let answers = [
            office.send("POST", "", Some(&body)).await,
            office.send("PUT", &path(&schedule), Some(&other)).await,
            office.send_with_key(&schedule, "x").await,
        ];
        for answer in &answers {
            assert_eq!((answer.status, answer.content_type()), (503, "application/problem+json"), "{}", answer.text);
            assert_eq!(answer.headers["retry-after"], "15");
        }
        // What makes nothing due goes on.
        assert_eq!(office.read(&schedule).await, shown);
        assert_eq!(office.log(&schedule).await, log);
        assert_eq!(office.send("GET", "", None).await.json()["schedules"].as_array().unwrap().len(), 1);
        std::fs::remove_file(folder).unwrap();
        std::fs::rename(&away, folder).unwrap();
        assert_eq!(office.put(&schedule, &other).await["hour_utc"], 9);
    });
}

#[test]
fn the_database_sleeps_until_something_is_due() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        let gate = stack.endpoints.bucket_dir.join("tick/gate.json");
        let tick = async || match stack.lambda.invoke("claim", "{}".into()).await.unwrap() {
            Invoked::Answer(answer) => serde_json::from_slice::<Value>(&answer).unwrap()["outcome"].clone(),
            Invoked::Failed(error) => panic!("{}", String::from_utf8_lossy(&error)),
        };
        // Without the object nobody knows: the tick looks, finds nothing, and shuts the gate for six hours.
        let start = Utc::now();
        assert_eq!(tick().await, "nothing due");
        let next_due = || {
            let state: Value = serde_json::from_slice(&std::fs::read(&gate).unwrap()).unwrap();
            assert_eq!(state.as_object().unwrap().len(), 1, "{state}");
            instant(&state["next_due"])
        };
        let hours = next_due() - start;
        assert!((359..=361).contains(&hours.num_minutes()), "{hours}");
        // From then on it does not even wake the database.
        stack.data_api.pause(Duration::from_secs(3_600));
        for _ in 0..3 {
            assert_eq!(tick().await, "asleep");
        }
        stack.data_api.pause(Duration::ZERO);
        // Whoever makes something due opens the gate, for ten minutes.
        let schedule = office.make(&office.body(&["ana"])).await;
        office.send_now(&schedule).await;
        assert_eq!((tick().await, tick().await), (json!("done"), json!("nothing due")));
        assert_eq!(office.recipients().len(), 1);
        // Ten minutes later it is shut until a minute before the schedule is due.
        let due = Utc::now() + TimeDelta::minutes(60);
        office.make_due(&schedule, due).await;
        write_gate(&stack, &format!(r#"{{"awake_until": "{}"}}"#, Utc::now().to_rfc3339())).await;
        assert_eq!(tick().await, "nothing due");
        assert_eq!((due - next_due()).num_seconds(), 60);
        // What an operator makes due in the database nobody is told of.
        office.make_due(&schedule, Utc::now()).await;
        assert_eq!(tick().await, "asleep");
        office.tick(&schedule).await;
        assert_eq!(office.recipients().len(), 2);
    });
}

#[test]
fn a_schedule_that_is_made_while_the_database_sleeps() {
    run(async {
        let stack = private_stack(&[]).await;
        let client = connect(&stack).await;
        let office = Office::new(&stack, &client).await;
        stack.data_api.pause(Duration::from_secs(12));
        let started = Instant::now();
        let schedule = office.make(&office.body(&["ana"])).await;
        assert!(started.elapsed() >= Duration::from_secs(11), "{:?}", started.elapsed());
        // Every answer after it is carried out and lost: nothing is made twice.
        stack.data_api.lose_answers(Some(2));
        office.make(&office.body(&["bo"])).await;
        office.put(&schedule, &office.body(&["cy"])).await;
        let run = office.send_with_key(&schedule, "one").await;
        assert_eq!(run.status, 202, "{}", run.text);
        let deleted = office.make(&office.body(&["di"])).await;
        assert_eq!(office.send("DELETE", &path(&deleted), None).await.status, 204);
        stack.data_api.lose_answers(None);
        let listed = office.send("GET", "", None).await.json();
        assert_eq!(listed["schedules"].as_array().unwrap().len(), 2);
        assert_eq!(office.read(&schedule).await["recipients"], json!([office.address("cy")]));
        assert_eq!(office.log(&schedule).await.len(), 1);
        office.tick(&schedule).await;
        assert_eq!(post(&office.link("cy")).await.status, 200);
    });
}
