//! Turns of the tick at times of the tests' choosing: outages, clocks that jump, and the gate that lets the database sleep.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sesv2::config::Credentials;
use callmetry_access::TenantScope;
use callmetry_database::{Database, Settings};
use callmetry_digests::{Digests, Sender, Tally, Turn};
use callmetry_files::Files;
use callmetry_gate::Gate;
use callmetry_links::Keys;
use callmetry_local::iam::{ADMINISTRATOR, SECRET_KEY};
use callmetry_local::ses::{Behaviour, Fault};
use callmetry_local::stack::Stack;
use callmetry_metrics::ReportName;
use callmetry_ondemand::id as report_id;
use callmetry_schedules::{self as schedules, Cadence, Clock, Plan, Recipient, Timetable};
use callmetry_testing::{Centre, private_stack, run};
use callmetry_worker::Worker;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use tokio::time::Instant;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::mails::{messages, write_gate};

/// A stack, and what `claim` is made of with its clock in our hands.
struct Office {
    stack: Stack,
    client: Client,
    database: Database,
    digests: Digests,
    gate: Gate,
    tenant: TenantScope,
}

async fn config(endpoint: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new(ADMINISTRATOR, SECRET_KEY, Some("local".into()), None, "test"))
        .endpoint_url(endpoint)
        .load()
        .await
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn mondays() -> Timetable {
    let time = NaiveTime::from_hms_opt(6, 0, 0).unwrap();
    Timetable { cadence: Cadence::Weekly(Weekday::Mon), time, zone: Tz::UTC }
}

fn plan(timetable: Timetable) -> Plan {
    let recipients = vec![Recipient { address: "ana@example.org".into(), key: "ana@example.org".into() }];
    Plan { report: ReportName::Campaigns, timetable, by_hour_utc: false, enabled: true, recipients }
}

impl Office {
    async fn open() -> Self {
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let aws = config(&stack.endpoints.aws).await;
        let claim = stack.template.functions().unwrap().into_iter().find(|function| function.name == "claim").unwrap();
        let variable = |name: &str| claim.environment[name].clone();
        let settings = Settings {
            cluster_arn: variable("DATABASE_CLUSTER_ARN"),
            secret_arn: variable("DATABASE_SECRET_ARN"),
            database: variable("DATABASE_NAME"),
        };
        let gate = Gate::new(&config(&stack.endpoints.s3).await, variable("REPORT_BUCKET"), true);
        let digests = Digests {
            config: config(&format!("http://{}", stack.ses.address)).await,
            sender: Sender::new(&variable("MAIL_FROM"), Some(variable("MAIL_CONFIGURATION_SET"))).unwrap(),
            keys: Keys::read(&aws, variable("SIGNING_SECRET_ARN")).await.unwrap(),
            public_url: variable("PUBLIC_URL"),
            gate: gate.clone(),
            worker: Worker::new(&aws, variable("REPORT_WORKER")),
            files: Files::new(&config(&stack.endpoints.s3).await, variable("REPORT_BUCKET")),
        };
        let tenant = TenantScope::proven(Centre::new(&client).await.tenant);
        Self { database: Database::new(&aws, settings), stack, client, digests, gate, tenant }
    }

    /// One turn at this time, and how often it asked the database.
    async fn turn(&self, now: DateTime<Utc>, force: bool) -> (Tally, u64) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let database = self.database.until(deadline);
        let turn =
            Turn { database: database.clone(), deadline, now, clock: Clock::at(now), force, new_id: Uuid::new_v4 };
        let (tally, error) = self.digests.turn(&turn).await;
        assert!(error.is_none(), "{error:?}");
        (tally, database.usage().calls())
    }

    /// As `POST /report-schedules` does at this time.
    async fn schedule(&self, timetable: Timetable, now: DateTime<Utc>) -> Uuid {
        let id = Uuid::new_v4();
        self.gate.keep_awake(now).await.unwrap();
        schedules::create(&self.database, self.tenant, id, &plan(timetable), now).await.unwrap();
        id
    }

    fn sent(&self) -> usize {
        messages(&self.stack.endpoints.mail_dir).len()
    }

    /// Occurrences and what became of them, oldest first.
    async fn log(&self) -> Vec<(String, String)> {
        let rows = self
            .client
            .query(
                "select run.scheduled_for, delivery.status
                 from report_deliveries as delivery join report_runs as run on run.id = delivery.run_id
                 order by run.scheduled_for, delivery.status",
                &[],
            )
            .await
            .unwrap();
        let text = |at: DateTime<Utc>| at.format("%m-%d %H:%M").to_string();
        rows.iter().map(|row| (text(row.get(0)), row.get(1))).collect()
    }

    fn gate_file(&self) -> PathBuf {
        self.stack.endpoints.bucket_dir.join("tick/gate.json")
    }
}

fn logged(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|(at, status)| ((*at).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn after_three_weeks_one_digest_is_sent_and_two_are_logged_as_skipped() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        // Due on the 5th, the 12th and the 19th.
        office.turn(at("2026-01-22T12:00:00Z"), true).await;
        assert_eq!(office.sent(), 1);
        assert_eq!(
            office.log().await,
            logged(&[("01-05 06:00", "skipped"), ("01-12 06:00", "skipped"), ("01-19 06:00", "sent")])
        );
        let subject = messages(&office.stack.endpoints.mail_dir)[0].subject().unwrap().to_owned();
        assert!(subject.contains("12–18 Jan 2026 (UTC)"), "{subject}");
        office.turn(at("2026-01-25T12:00:00Z"), true).await;
        assert_eq!(office.sent(), 1);
        office.turn(at("2026-01-26T06:00:00Z"), true).await;
        assert_eq!(office.sent(), 2);
    });
}

#[test]
fn a_clock_that_jumps_back_sends_nothing_twice() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        for now in ["2026-01-05T06:00:30Z", "2026-01-05T05:59:30Z", "2026-01-05T06:00:00Z", "2026-01-04T00:00:00Z"] {
            office.turn(at(now), true).await;
        }
        // Also where somebody sets the schedule back to what it was.
        let again = "update report_schedules set next_run_at = '2026-01-05T06:00:00Z'";
        office.client.execute(again, &[]).await.unwrap();
        office.turn(at("2026-01-05T06:01:00Z"), true).await;
        assert_eq!(office.sent(), 1);
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "sent")]));
        // It is not due for ever.
        let due: i64 = office
            .client
            .query_one("select count(*) from report_schedules where next_run_at <= '2026-01-05T06:01:00Z'", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(due, 0);
    });
}

#[test]
fn with_nothing_due_the_database_is_not_asked_for_hours_and_what_is_made_meanwhile_is_sent_on_time() {
    run(async {
        let office = Office::open().await;
        let start = at("2026-01-06T00:00:00Z");
        // Due in six days.
        office.schedule(mondays(), start).await;
        let mut asked = Vec::new();
        let mut sent_at = None;
        for minute in 0..16 * 60 {
            let now = start + TimeDelta::minutes(minute);
            let (_, calls) = office.turn(now, false).await;
            if calls > 0 {
                asked.push(minute);
            }
            if minute == 14 * 60 {
                // In seven minutes, while everything sleeps.
                let time = NaiveTime::from_hms_opt(14, 7, 0).unwrap();
                office.schedule(Timetable { cadence: Cadence::Weekly(Weekday::Tue), time, zone: Tz::UTC }, now).await;
            }
            if sent_at.is_none() && office.sent() == 1 {
                sent_at = Some(minute);
            }
        }
        assert_eq!(sent_at, Some(14 * 60 + 7));
        // Awake for ten minutes at first, then every six hours, and from the new schedule until nothing was due soon.
        let awake: Vec<i64> = (0..=10).chain([370, 730]).chain(841..=850).collect();
        assert_eq!(asked, awake);
    });
}

#[test]
fn the_gate_opens_a_minute_before_what_is_due() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-05T02:00:00Z")).await;
        let (tally, _) = office.turn(at("2026-01-05T02:11:00Z"), false).await;
        assert!(tally.is_shut);
        let asleep = async |now| office.turn(at(now), false).await.0.is_asleep;
        assert!(asleep("2026-01-05T05:58:59Z").await);
        assert!(!asleep("2026-01-05T05:59:00Z").await);
        assert!(!asleep("2026-01-05T06:00:00Z").await);
        assert_eq!(office.sent(), 1);
        assert!(asleep("2026-01-05T06:01:00Z").await);
    });
}

#[test]
fn whoever_makes_something_due_while_the_gate_is_being_shut_keeps_it_open() {
    run(async {
        let office = Office::open().await;
        let now = at("2026-01-06T00:00:00Z");
        let open = async || office.gate.read().await.is_open(now + TimeDelta::minutes(1));
        let shut = async |reading| office.gate.shut(&reading, now, None).await;
        // Nobody in between, the object missing or there: it is shut.
        let reading = office.gate.read().await;
        assert!(reading.is_open(now));
        assert!(shut(reading).await);
        assert!(!open().await);
        // Written after it was read: left alone, whichever of the two was first.
        let reading = office.gate.read().await;
        office.gate.keep_awake(now).await.unwrap();
        assert!(!shut(reading).await);
        assert!(open().await);
        // Written before it was read, and committed after the database was asked: kept awake until then.
        let reading = office.gate.read().await;
        assert!(!shut(reading).await);
        assert!(open().await);
        // The object appears where there was none.
        std::fs::remove_file(office.gate_file()).unwrap();
        let reading = office.gate.read().await;
        office.gate.keep_awake(now).await.unwrap();
        assert!(!shut(reading).await);
        assert!(open().await);
        // Two turns shut it at once: one of them does.
        let later = now + TimeDelta::minutes(11);
        let (one, other) = (office.gate.read().await, office.gate.read().await);
        assert!(office.gate.shut(&one, later, None).await);
        assert!(!office.gate.shut(&other, later, Some(later + TimeDelta::hours(1))).await);
        // What nobody can read is open, and can be shut.
        write_gate(&office.stack, "{").await;
        let reading = office.gate.read().await;
        assert!(reading.is_open(later));
        assert!(office.gate.shut(&reading, later, None).await);
    });
}

#[test]
fn what_a_forced_turn_leaves_does_not_wait_behind_a_shut_gate() {
    run(async {
        let office = Office::open().await;
        let now = at("2026-01-05T05:30:00Z");
        office.schedule(mondays(), at("2026-01-05T02:00:00Z")).await;
        assert!(office.turn(at("2026-01-05T02:11:00Z"), false).await.0.is_shut);
        // An operator makes it due and forces a turn, in which SES takes nothing.
        office.client.execute("update report_schedules set next_run_at = $1", &[&now]).await.unwrap();
        office.stack.ses.behave(Behaviour::every(1, Fault::Throttled));
        let (tally, _) = office.turn(now, true).await;
        assert_eq!((tally.put_off, tally.sent), (1, 0));
        office.stack.ses.behave(Behaviour::default());
        office.turn(now + TimeDelta::seconds(61), false).await;
        assert_eq!(office.sent(), 1);
    });
}

#[test]
fn a_tenant_whose_numbers_cannot_be_had_keeps_nobody_else_waiting() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        let calls = Plan { report: ReportName::CallVolume, ..plan(mondays()) };
        let id = Uuid::new_v4();
        schedules::create(&office.database, office.tenant, id, &calls, at("2026-01-01T00:00:00Z")).await.unwrap();
        // Nobody reads calls.
        office.client.batch_execute("begin; lock table cdrs in access exclusive mode").await.unwrap();
        let mut now = at("2026-01-05T06:00:00Z");
        assert_eq!(office.turn(now, true).await.0.sent, 1);
        office.client.batch_execute("rollback").await.unwrap();
        // Its run rests before it is tried again.
        assert_eq!(office.turn(now, true).await.0.runs, 0);
        now += TimeDelta::minutes(1);
        assert_eq!(office.turn(now, true).await.0.sent, 1);
    });
}

#[test]
fn a_row_that_cannot_be_read_stops_nobody_else_and_fails_in_the_end() {
    run(async {
        let office = Office::open().await;
        let id = office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        let mut now = at("2026-01-05T06:00:00Z");
        let due = schedules::find_due(&office.database, Clock::at(now), 10).await.unwrap();
        let lease = schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(now));
        lease.claim(&office.database, due, 10, Uuid::new_v4, report_id::new).await.unwrap();
        let unknown = "update report_schedules set timezone = 'Mars/Olympus', next_run_at = '2026-01-05T06:00:00Z';
                       update report_runs set timezone = 'Mars/Olympus'";
        office.client.batch_execute(unknown).await.unwrap();
        let other = office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        assert_ne!(other, id);
        for _ in 0..12 {
            now += TimeDelta::hours(2);
            office.turn(now, true).await;
        }
        assert_eq!(office.sent(), 1);
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "failed"), ("01-05 06:00", "sent")]));
        let open: i64 = office
            .client
            .query_one("select count(*) from report_runs where status = 'open'", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(open, 0);
    });
}

#[test]
fn whoever_was_taken_off_the_list_meanwhile_gets_nothing() {
    run(async {
        let office = Office::open().await;
        let id = office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        office.stack.ses.behave(Behaviour::every(1, Fault::SendingPaused));
        office.turn(at("2026-01-05T06:00:00Z"), true).await;
        office.stack.ses.behave(Behaviour::default());
        let mut changed = plan(mondays());
        changed.recipients[0] = Recipient { address: "bo@example.org".into(), key: "bo@example.org".into() };
        let now = at("2026-01-05T06:05:00Z");
        schedules::change(&office.database, office.tenant, id, Uuid::new_v4(), &changed, now).await.unwrap();
        office.turn(at("2026-01-05T06:20:00Z"), true).await;
        assert_eq!((office.sent(), office.log().await), (0, logged(&[("01-05 06:00", "skipped")])));
    });
}

#[test]
fn a_schedule_is_disabled_when_the_last_have_left_at_once_and_not_when_others_were_listed_meanwhile() {
    run(async {
        let office = Office::open().await;
        let recipient =
            |name: &str| Recipient { address: format!("{name}@example.org"), key: format!("{name}@example.org") };
        for round in 0..20 {
            let now = at("2026-01-01T00:00:00Z");
            let id = Uuid::new_v4();
            let both = Plan { recipients: vec![recipient("ana"), recipient("bo")], ..plan(mondays()) };
            schedules::create(&office.database, office.tenant, id, &both, now).await.unwrap();
            let people: Vec<Uuid> = office
                .client
                .query("select id from schedule_recipients where schedule_id = $1", &[&id])
                .await
                .unwrap()
                .iter()
                .map(|row| row.get(0))
                .collect();
            let leave = |person| schedules::unsubscribe(&office.database, office.tenant, person);
            let more = Plan { recipients: vec![recipient("cy")], ..plan(mondays()) };
            let list = schedules::change(&office.database, office.tenant, id, Uuid::new_v4(), &more, now);
            // Whether somebody is listed in this moment or not.
            let lists = round % 2 == 0;
            let listing = async { if lists { list.await.map(drop) } else { Ok(()) } };
            let (one, other, listed) = tokio::join!(leave(people[0]), leave(people[1]), listing);
            one.unwrap();
            other.unwrap();
            listed.unwrap();
            let schedule = schedules::find(&office.database, office.tenant, id).await.unwrap().unwrap();
            assert_eq!(schedule.enabled, lists, "round {round}: {schedule:?}");
        }
    });
}

#[test]
fn many_writers_and_many_turns_never_leave_something_due_behind_a_shut_gate() {
    run(async {
        let office = Arc::new(Office::open().await);
        let start = at("2026-01-06T00:00:00Z");
        // Each round a writer makes something due in five minutes, somewhere among four turns.
        for round in 0..40_i64 {
            let now = start + TimeDelta::hours(round);
            let writing = {
                let office = office.clone();
                async move {
                    office.gate.keep_awake(now).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(round as u64 % 7)).await;
                    office
                        .client
                        .execute("update report_schedules set next_run_at = $1", &[&(now + TimeDelta::minutes(5))])
                        .await
                        .unwrap();
                }
            };
            if round == 0 {
                office.schedule(mondays(), now).await;
            }
            // Everybody thinks that the ten minutes of the round before are over.
            let turning = futures::future::join_all((0..4).map(|_| office.turn(now, false)));
            tokio::join!(writing, turning);
            assert!(office.gate.read().await.is_open(now + TimeDelta::minutes(5)), "round {round}");
            office.turn(now + TimeDelta::minutes(5), false).await;
            assert_eq!(office.sent() as i64, round + 1, "round {round}");
            // All is done: it may be shut again.
            office.turn(now + TimeDelta::minutes(20), false).await;
        }
    });
}

#[test]
fn what_ses_refuses_to_the_account_waits_and_fails_after_a_day_or_at_the_next_occurrence() {
    run(async {
        let office = Office::open().await;
        let created = at("2026-01-01T00:00:00Z");
        office.schedule(mondays(), created).await;
        office.stack.ses.behave(Behaviour::every(1, Fault::SendingPaused));
        let (tally, _) = office.turn(at("2026-01-05T06:00:00Z"), true).await;
        assert_eq!((tally.held_back, tally.sent), (1, 0));
        // It rests for a quarter of an hour.
        let (tally, _) = office.turn(at("2026-01-05T06:14:00Z"), true).await;
        assert_eq!(tally.held_back, 0);
        // The account sends again.
        office.stack.ses.behave(Behaviour::default());
        office.turn(at("2026-01-05T06:15:00Z"), true).await;
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "sent")]));
        // A day is too long.
        office.stack.ses.behave(Behaviour::every(1, Fault::AccountSuspended));
        office.turn(at("2026-01-12T06:00:00Z"), true).await;
        office.turn(at("2026-01-13T05:59:00Z"), true).await;
        assert_eq!(office.log().await[1].1, "pending");
        office.stack.ses.behave(Behaviour::default());
        office.turn(at("2026-01-13T06:20:00Z"), true).await;
        assert_eq!(office.log().await[1].1, "failed");
        assert_eq!(office.sent(), 1);
        let error: String = office
            .client
            .query_one("select error from report_deliveries where status = 'failed'", &[])
            .await
            .unwrap()
            .get(0);
        assert!(error.contains("suspended"), "{error}");
        // Of two occurrences a minute apart the earlier gives way.
        office.stack.ses.behave(Behaviour::every(1, Fault::MailFromNotVerified));
        office.turn(at("2026-01-19T06:00:00Z"), true).await;
        office.client.execute("update report_schedules set next_run_at = '2026-01-19T06:10:00Z'", &[]).await.unwrap();
        office.stack.ses.behave(Behaviour::default());
        office.turn(at("2026-01-19T06:10:00Z"), true).await;
        office.turn(at("2026-01-19T06:30:00Z"), true).await;
        let log = office.log().await;
        assert_eq!(log[2..], logged(&[("01-19 06:00", "failed"), ("01-19 06:10", "sent")]));
    });
}

#[test]
fn a_recipient_that_ses_refuses_keeps_nobody_else_waiting() {
    run(async {
        let office = Office::open().await;
        let id = office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        office
            .client
            .execute(
                "insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
                 values ($1, $2, 'Bad@example.org', 'bad@example.org', 2)",
                &[&office.tenant.id(), &id],
            )
            .await
            .unwrap();
        office.stack.ses.behave(Behaviour { rejects: ["bad@example.org".to_owned()].into(), ..Behaviour::default() });
        office.turn(at("2026-01-05T06:00:00Z"), true).await;
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "failed"), ("01-05 06:00", "sent")]));
        let schedule = schedules::find(&office.database, office.tenant, id).await.unwrap().unwrap();
        assert_eq!(schedule.last_status.as_deref(), Some("partial"));
    });
}

#[test]
fn numbers_are_computed_once_and_a_message_takes_two_calls() {
    run(async {
        let office = Office::open().await;
        for _ in 0..10 {
            office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        }
        let (tally, calls) = office.turn(at("2026-01-05T06:00:00Z"), true).await;
        assert_eq!((tally.runs, tally.sent), (10, 10));
        // Reports that nobody works on; taking twice, what is left and what is due, the second time in vain; claiming; the numbers of two periods; ending the
        // lease; what there is to fold, and what is left of it; what is due next; and each message, before and after.
        assert_eq!(calls, 1 + 2 * 2 + 1 + 2 + 1 + 2 + 1 + 2 * 10);
    });
}

#[test]
fn a_run_whose_holders_die_before_they_send_anything_fails_in_the_end() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        let mut now = at("2026-01-05T06:00:00Z");
        let lease = |now| schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(now));
        let due = schedules::find_due(&office.database, Clock::at(now), 10).await.unwrap();
        lease(now).claim(&office.database, due, 10, Uuid::new_v4, report_id::new).await.unwrap();
        // A storm of crashes, over before the run is an hour old, costs nothing.
        for _ in 0..2 * schedules::MOST_TAKEOVERS {
            now += TimeDelta::seconds(61);
            assert_eq!(lease(now).take_over(&office.database, 10).await.unwrap().runs[0].deliveries.len(), 1);
        }
        now = at("2026-01-05T07:00:00Z");
        assert_eq!(lease(now).take_over(&office.database, 10).await.unwrap().runs[0].deliveries.len(), 0);
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "failed")]));
    });
}

#[test]
fn an_old_run_has_as_many_holders_as_a_new_one() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        let mut now = at("2026-01-05T06:00:00Z");
        let lease = |now| schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(now));
        let due = schedules::find_due(&office.database, Clock::at(now), 10).await.unwrap();
        lease(now).claim(&office.database, due, 10, Uuid::new_v4, report_id::new).await.unwrap();
        now += TimeDelta::hours(1);
        for takeover in 1..=schedules::MOST_TAKEOVERS + 1 {
            now += TimeDelta::seconds(61);
            let runs = lease(now).take_over(&office.database, 10).await.unwrap().runs;
            let owed = i64::from(takeover <= schedules::MOST_TAKEOVERS);
            assert_eq!(runs[0].deliveries.len() as i64, owed, "takeover {takeover}");
        }
        assert_eq!(office.log().await, logged(&[("01-05 06:00", "failed")]));
    });
}

#[test]
fn a_lease_that_was_lost_begins_and_ends_nothing() {
    run(async {
        let office = Office::open().await;
        office.schedule(mondays(), at("2026-01-01T00:00:00Z")).await;
        let (first, later) = (at("2026-01-05T06:00:00Z"), at("2026-01-05T06:02:00Z"));
        let slow = schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(first));
        let due = schedules::find_due(&office.database, Clock::at(first), 10).await.unwrap();
        let runs = slow.claim(&office.database, due.clone(), 10, Uuid::new_v4, report_id::new).await.unwrap().runs;
        // The same again, as after a lost answer: the same work.
        let again = slow.claim(&office.database, due, 10, Uuid::new_v4, report_id::new).await.unwrap().runs;
        assert_eq!((again[0].id, &again[0].deliveries), (runs[0].id, &runs[0].deliveries));
        let delivery = &runs[0].deliveries[0];
        let quick = schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(later));
        let taken = quick.take_over(&office.database, 10).await.unwrap().runs;
        assert_eq!(taken[0].deliveries, runs[0].deliveries);
        let begin = async |lease: &schedules::Lease, token| {
            let send = delivery.send(lease, token);
            (send.begin(&office.database).await.unwrap(), send)
        };
        assert_eq!(begin(&slow, Uuid::new_v4()).await.0, schedules::Begun::NotOurs);
        let token = Uuid::new_v4();
        let (begun, send) = begin(&quick, token).await;
        assert_eq!(begun, schedules::Begun::Sending);
        // Repeated with its token it is the same send, and no other may begin one.
        assert_eq!(begin(&quick, token).await.0, schedules::Begun::Sending);
        assert_eq!(begin(&quick, Uuid::new_v4()).await.0, schedules::Begun::NotOurs);
        // Its holder is thought dead; SES had taken the message all the same.
        let third =
            schedules::Lease::new(Uuid::new_v4(), Duration::from_secs(60), Clock::at(later + TimeDelta::minutes(2)));
        assert!(third.take_over(&office.database, 10).await.unwrap().runs[0].deliveries.is_empty());
        assert_eq!(office.log().await[0].1, "unknown");
        let later = schedules::Ended::Later("no".into(), Duration::ZERO);
        send.settle(&office.database, &later, 1).await.unwrap();
        assert_eq!(office.log().await[0].1, "unknown");
        send.settle(&office.database, &schedules::Ended::Sent("id".into()), 1).await.unwrap();
        assert_eq!(office.log().await[0].1, "sent");
    });
}
