//! Folded counts: whatever dialers write and whoever folds, reports are what plain SQL says.

use std::cell::Cell;
use std::time::Duration;

use callmetry_access::TenantScope;
use callmetry_database::{Database, Params};
use callmetry_folds::{Sizes, Step, fold, rebuild, state, step};
use callmetry_metrics::Window;
use callmetry_reports::ondemand::{Filter, agent_coaching, call_summary, campaign_performance};
use callmetry_reports::verification::{Verification, verify};
use callmetry_reports::{Counting, agents, call_volume, campaigns, compliance, dispositions};
use callmetry_testing::{TestDatabase, run};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_postgres::Client;
use uuid::Uuid;

/// Steps of the random test. More of them, and from another place on, as `CALLMETRY_FOLDING_STEPS` and `CALLMETRY_FOLDING_SEED` say.
const STEPS: u64 = 1_200;
/// After so many a new database is begun, so that seldom things are seen from many sides.
const STEPS_OF_A_DATABASE: u64 = 2_500;

const ZONES: [&str; 6] =
    ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];
const CODES: [&str; 4] = ["SALE", "NI", "sale", "INVENTED"];
const STATES: [&str; 5] = ["available", "busy", "wrap", "break", "offline"];
const CAUSES: [&str; 4] = ["NORMAL_CLEARING", "USER_BUSY", "É", "a"];
const SOURCES: [&str; 4] = ["national", "state", "internal", "litigator"];

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |value| value.parse().unwrap())
}

/// One tenant, and what its rows point at.
struct Centre {
    tenant: Uuid,
    campaigns: Vec<Uuid>,
    leads: Vec<Uuid>,
    agents: Vec<Uuid>,
}

fn id(rng: &mut ChaCha8Rng) -> Uuid {
    Uuid::from_u128(rng.random())
}

fn pick<'a, T>(rng: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    &from[rng.random_range(0..from.len())]
}

fn quoted(value: Option<impl std::fmt::Display>) -> String {
    value.map_or("null".into(), |value| format!("'{value}'"))
}

/// Five days around a change of clocks, on whole hours for the fourth part; seldom a month before or after.
fn instant(rng: &mut ChaCha8Rng) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-10-23T00:00:00Z".parse().unwrap();
    let day = match rng.random_range(0..40) {
        0 => -30,
        1 => 30,
        _ => rng.random_range(0..5),
    };
    // Often the same hour, so that leads are dialed again within a slot, and from several campaigns.
    let hour = if rng.random_bool(0.25) { 10 } else { rng.random_range(0..24) };
    let hour = start + TimeDelta::days(day) + TimeDelta::hours(hour);
    match rng.random_range(0..4) {
        0 => hour,
        1 => hour + TimeDelta::minutes(rng.random_range(0..60)),
        _ => hour + TimeDelta::microseconds(rng.random_range(0..3_600_000_000)),
    }
}

fn window(rng: &mut ChaCha8Rng) -> Window {
    loop {
        let (a, b) = match rng.random_range(0..6) {
            // Up to some minutes.
            0 => {
                let from = instant(rng);
                (from, from + TimeDelta::microseconds(rng.random_range(1..1_200_000_000)))
            }
            // Whole days.
            1 => {
                let day = |rng: &mut ChaCha8Rng| instant(rng).date_naive().and_time(Default::default()).and_utc();
                (day(rng), day(rng))
            }
            _ => (instant(rng), instant(rng)),
        };
        if let Ok(window) = Window::new(a.min(b), a.max(b)) {
            return window;
        }
    }
}

async fn set_up(rng: &mut ChaCha8Rng, client: &Client) -> Vec<Centre> {
    let mut centres = Vec::new();
    for _ in 0..rng.random_range(1..4) {
        let tenant = id(rng);
        let mut sql = format!("insert into tenants (id, slug, name) values ('{tenant}', '{tenant}', 'Random');");
        for (code, is_sale) in [("SALE", true), ("NI", false)] {
            sql += &format!(
                "insert into dispositions (tenant_id, code, label, category, is_sale) values ('{tenant}', '{code}', 'Label {code}', 'contact', {is_sale});"
            );
        }
        let campaigns: Vec<Uuid> = (0..rng.random_range(1..4)).map(|_| id(rng)).collect();
        for campaign in &campaigns {
            let zone = pick(rng, &ZONES);
            sql += &format!(
                "insert into campaigns (id, tenant_id, name, timezone) values ('{campaign}', '{tenant}', 'C', '{zone}');"
            );
        }
        let leads: Vec<Uuid> = (0..rng.random_range(1..9)).map(|_| id(rng)).collect();
        for lead in &leads {
            sql += &format!("insert into leads (id, tenant_id, phone) values ('{lead}', '{tenant}', '+1');");
        }
        let agents: Vec<Uuid> = (0..2).map(|_| id(rng)).collect();
        for agent in &agents {
            sql += &format!("insert into agents (id, tenant_id, name) values ('{agent}', '{tenant}', 'A');");
        }
        client.batch_execute(&sql).await.unwrap();
        centres.push(Centre { tenant, campaigns, leads, agents });
    }
    centres
}

/// A database with some tenants, and what is random of it.
async fn start(seed: u64) -> (TestDatabase, ChaCha8Rng, Vec<Centre>) {
    let test = TestDatabase::new().await;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let centres = set_up(&mut rng, &test.client).await;
    (test, rng, centres)
}

async fn fold_all(database: &Database, tenant: Uuid) {
    let mut steps = 0;
    while step(database, tenant, &Sizes::default()).await.unwrap() == Step::More {
        steps += 1;
        assert!(steps < 1_000, "folding does not come to an end");
    }
}

/// Rows of one table, as one statement.
fn insert(rng: &mut ChaCha8Rng, centre: &Centre) -> String {
    let rows = rng.random_range(1..9);
    let tenant = centre.tenant;
    let mut values = Vec::new();
    let table = match rng.random_range(0..6) {
        0..3 => {
            for _ in 0..rows {
                let answered_by = *pick(rng, &[None, Some("human"), Some("machine")]);
                let code = rng.random_bool(0.7).then(|| *pick(rng, &CODES));
                values.push(format!(
                    "('{}', '{tenant}', '{}', '{}', '{}', {}, {}, {})",
                    id(rng),
                    pick(rng, &centre.campaigns),
                    pick(rng, &centre.leads),
                    instant(rng).to_rfc3339(),
                    quoted(answered_by),
                    rng.random_bool(0.1),
                    quoted(code),
                ));
            }
            "dial_attempts (id, tenant_id, campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code)"
        }
        3 => {
            for _ in 0..rows {
                let at = instant(rng);
                let answered = rng.random_bool(0.6).then(|| at.to_rfc3339());
                let campaign = rng.random_bool(0.8).then(|| *pick(rng, &centre.campaigns));
                let agent = rng.random_bool(0.8).then(|| *pick(rng, &centre.agents));
                let code = rng.random_bool(0.7).then(|| *pick(rng, &CODES));
                let sentiment = rng.random_bool(0.5).then(|| f64::from(rng.random_range(-1000..=1000)) / 1000.0);
                values.push(format!(
                    "('{}', '{tenant}', {}, {}, 'outbound', '+1', '+2', '{}', {}, '{}', {}, '{}', {}, {})",
                    id(rng),
                    quoted(campaign),
                    quoted(agent),
                    at.to_rfc3339(),
                    quoted(answered),
                    (at + TimeDelta::minutes(9)).to_rfc3339(),
                    rng.random_range(0..500),
                    pick(rng, &CAUSES),
                    quoted(code),
                    quoted(sentiment),
                ));
            }
            "cdrs (id, tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at, ended_at, talk_secs, hangup_cause, disposition_code, sentiment)"
        }
        4 => {
            for _ in 0..rows {
                let at = instant(rng);
                let left = rng
                    .random_bool(0.8)
                    .then(|| (at + TimeDelta::microseconds(rng.random_range(0..10_000_000_000))).to_rfc3339());
                values.push(format!(
                    "('{}', '{tenant}', '{}', '{}', '{}', {})",
                    id(rng),
                    pick(rng, &centre.agents),
                    pick(rng, &STATES),
                    at.to_rfc3339(),
                    quoted(left),
                ));
            }
            "agent_state_intervals (id, tenant_id, agent_id, state, entered_at, left_at)"
        }
        _ => {
            values.push(format!(
                "('{tenant}', '+{}', '{}', '{}')",
                rng.random_range(0..40),
                pick(rng, &SOURCES),
                instant(rng).to_rfc3339(),
            ));
            return format!(
                "insert into dnc_entries (tenant_id, phone, source, added_at) values {}
                 on conflict (tenant_id, phone, source) do update set added_at = excluded.added_at",
                values.join(", ")
            );
        }
    };
    format!("insert into {table} values {}", values.join(", "))
}

/// A few rows of a table, as a condition.
fn some(rng: &mut ChaCha8Rng, tenant: Uuid, table: &str, column: &str) -> String {
    format!(
        "tenant_id = '{tenant}' and {column} in (select {column} from {table} where tenant_id = '{tenant}' order by md5({column}::text || '{}') limit {})",
        rng.random::<u32>(),
        rng.random_range(1..6)
    )
}

fn change(rng: &mut ChaCha8Rng, centre: &Centre) -> String {
    let tenant = centre.tenant;
    let attempts = some(rng, tenant, "dial_attempts", "id");
    let at = instant(rng).to_rfc3339();
    let (campaign, lead, agent) =
        (*pick(rng, &centre.campaigns), *pick(rng, &centre.leads), *pick(rng, &centre.agents));
    let code = quoted(rng.random_bool(0.8).then(|| *pick(rng, &CODES)));
    match rng.random_range(0..19) {
        0 | 1 => format!("update dial_attempts set disposition_code = {code}, answered_by = 'human' where {attempts}"),
        2 => format!("update dial_attempts set attempted_at = '{at}' where {attempts}"),
        3 => {
            // Also within a slot, which calling hours may cut.
            let later = pick(rng, &["61 minutes", "4 minutes", "-50 seconds"]);
            format!("update dial_attempts set attempted_at = attempted_at + interval '{later}' where {attempts}")
        }
        4 => format!("update dial_attempts set lead_id = '{lead}' where {attempts}"),
        5 => format!("update dial_attempts set campaign_id = '{campaign}', abandoned = not abandoned where {attempts}"),
        6 => format!("update dial_attempts set agent_id = '{agent}' where {attempts}"),
        7 => format!("delete from dial_attempts where {attempts}"),
        8 => format!(
            "update cdrs set disposition_code = {code}, campaign_id = '{campaign}', talk_secs = talk_secs + 1, started_at = least(started_at, '{at}') where {}",
            some(rng, tenant, "cdrs", "id")
        ),
        9 => format!("delete from cdrs where {}", some(rng, tenant, "cdrs", "id")),
        10 => format!(
            "update agent_state_intervals set left_at = greatest(entered_at, '{at}'), state = '{}' where {}",
            pick(rng, &STATES),
            some(rng, tenant, "agent_state_intervals", "id")
        ),
        11 => format!("delete from agent_state_intervals where {}", some(rng, tenant, "agent_state_intervals", "id")),
        12 => format!("delete from dnc_entries where {}", some(rng, tenant, "dnc_entries", "phone")),
        13 => {
            let zone = rng.random_bool(0.7).then(|| *pick(rng, &ZONES));
            format!("update leads set timezone = {} where {}", quoted(zone), some(rng, tenant, "leads", "id"))
        }
        14 => format!("update campaigns set timezone = '{}' where id = '{campaign}'", pick(rng, &ZONES)),
        15 => {
            let time =
                |rng: &mut ChaCha8Rng| format!("{:02}:{}", rng.random_range(0..24), pick(rng, &["00", "30", "05"]));
            let hours = rng.random_bool(0.9).then(|| (time(rng), time(rng)));
            let (opens, closes) = hours.unzip();
            format!(
                "update campaigns set calling_hours_start = {}, calling_hours_end = {} where id = '{campaign}'",
                quoted(opens),
                quoted(closes)
            )
        }
        // Gone and back in one statement, which foreign keys allow.
        16 => format!(
            "with gone as (delete from leads where id = '{lead}' returning *)
             insert into leads (id, tenant_id, phone, timezone) select id, tenant_id, phone, '{}' from gone",
            pick(rng, &ZONES)
        ),
        17 => format!(
            "with gone as (delete from campaigns where id = '{campaign}' returning *)
             insert into campaigns (id, tenant_id, name, timezone, calling_hours_start, calling_hours_end)
             select id, tenant_id, name, '{}', '09:00', '18:00' from gone",
            pick(rng, &ZONES)
        ),
        _ => format!("update dispositions set is_sale = not is_sale where tenant_id = '{tenant}' and code = 'NI'"),
    }
}

/// Mostly so little that work is left, and that leads are folded again from a day on.
fn sizes(rng: &mut ChaCha8Rng) -> Sizes {
    if rng.random_bool(0.3) {
        return Sizes::default();
    }
    Sizes {
        attempts: rng.random_range(1..30),
        leads: rng.random_range(0..40),
        link_rows: rng.random_range(0..200),
        cells: rng.random_range(1..20),
        days: rng.random_range(1..10),
        hours: rng.random_range(1..20),
        zones: rng.random_range(1..3),
    }
}

/// Ends what an abandoned step left in the database, as the service does after a while.
async fn end_abandoned(client: &Client) {
    for _ in 0..100 {
        let left = "select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and (state = 'active' or state like 'idle in%')";
        if client.query(left, &[]).await.unwrap().is_empty() {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("a step does not end");
}

/// What happens in one step of the test. Says what it was.
async fn happen(rng: &mut ChaCha8Rng, test: &TestDatabase, centre: &Centre) -> String {
    let (database, client, tenant) = (&test.database, &test.client, centre.tenant);
    match rng.random_range(0..1000) {
        0..330 => {
            let sql = insert(rng, centre);
            client.batch_execute(&sql).await.unwrap();
            sql
        }
        330..600 => {
            let sql = change(rng, centre);
            client.batch_execute(&sql).await.unwrap();
            sql
        }
        // Two statements as one, or none of both.
        600..640 => {
            let (first, second) = (insert(rng, centre), change(rng, centre));
            let end = *pick(rng, &["commit", "rollback"]);
            let sql = format!("begin; {first}; {second}; {end}");
            client.batch_execute(&sql).await.unwrap();
            sql
        }
        640..860 => format!("one step: {:?}", step(database, tenant, &sizes(rng)).await.unwrap()),
        860..900 => {
            fold_all(database, tenant).await;
            "all steps".into()
        }
        900..930 => {
            let (a, b) = (sizes(rng), sizes(rng));
            let both = tokio::join!(step(database, tenant, &a), step(database, tenant, &b));
            format!("two steps at once: {both:?}")
        }
        930..950 => {
            let sql = insert(rng, centre);
            let sizes = sizes(rng);
            let (written, folded) = tokio::join!(client.batch_execute(&sql), step(database, tenant, &sizes));
            written.unwrap();
            format!("a step {folded:?} while: {sql}")
        }
        950..985 => {
            let (sizes, patience) = (sizes(rng), Duration::from_micros(rng.random_range(0..30_000)));
            let outcome = tokio::time::timeout(patience, step(database, tenant, &sizes)).await;
            end_abandoned(client).await;
            format!("a step killed after {patience:?}: {outcome:?}")
        }
        985..998 => format!("forgotten: {}", rebuild(database, tenant).await.unwrap()),
        _ => {
            let table = *pick(rng, &["dnc_entries", "agent_state_intervals", "dial_attempts", "cdrs cascade"]);
            client.batch_execute(&format!("truncate {table}")).await.unwrap();
            format!("truncate {table}")
        }
    }
}

/// One report of both countings.
async fn compare(rng: &mut ChaCha8Rng, database: &Database, centre: &Centre, place: &str) {
    let scope = TenantScope::proven(centre.tenant);
    let window = window(rng);
    let campaign = rng.random_bool(0.4).then(|| *pick(rng, &centre.campaigns));
    let agent = rng.random_bool(0.2).then(|| *pick(rng, &centre.agents));
    let zone: Tz = pick(rng, &ZONES).parse().unwrap();
    let filter = Filter { campaign_id: campaign, agent_id: agent };
    macro_rules! same {
        ($read:path, $($argument:expr),*) => {{
            let folded = $read(Counting::Folded, database, scope, window, $($argument),*).await.unwrap();
            let plain = $read(Counting::Plain, database, scope, window, $($argument),*).await.unwrap();
            assert_eq!(folded, plain, "{} of {window:?}, {filter:?}, {zone}, after {place}", stringify!($read));
        }};
    }
    match rng.random_range(0..11) {
        0..3 => same!(campaigns::read_by, campaign),
        3 => same!(agents::read_by, None),
        4 => same!(call_volume::read_by, campaign, zone),
        5 | 6 => same!(compliance::read_by, campaign),
        7 => same!(dispositions::read_by, campaign),
        8 => same!(call_summary::read_by, filter),
        9 => same!(agent_coaching::read_by, filter),
        _ => same!(campaign_performance::read_by, filter),
    }
}

/// Whether folded counts answer for five days of attempts, and of calls; and whether while something of these was touched.
async fn are_folds_asked(client: &Client, centre: &Centre) -> [bool; 4] {
    let row = client
        .query_one(
            "select attempts, calls,
                attempts and exists (select from attempt_changes where tenant_id = $1 and slot >= since and slot < until),
                calls and exists (
                    select from changed_hours where tenant_id = $1 and source = 'calls' and hour >= since and hour < until
                )
            from (values (timestamptz '2026-10-23 00:00+00', timestamptz '2026-10-28 00:00+00')) as days (since, until)
            cross join lateral (
                select
                    serves_attempts($1, since, until, true) and serves_leads($1, since, until) as attempts,
                    serves_hours($1, 'calls', since, until) as calls
            ) as served",
            &[&centre.tenant],
        )
        .await
        .unwrap();
    std::array::from_fn(|column| row.get(column))
}

#[test]
fn reports_are_what_plain_sql_says_whatever_happens() {
    run(async {
        let (steps, seed) = (setting("CALLMETRY_FOLDING_STEPS", STEPS), setting("CALLMETRY_FOLDING_SEED", 0));
        let (mut done, mut databases, mut whole, mut asked) = (0, 0, 0, [0; 4]);
        while done < steps {
            let (test, mut rng, centres) = start(seed + databases).await;
            for number in 0..STEPS_OF_A_DATABASE.min(steps - done) {
                let centre = pick(&mut rng, &centres);
                let what = happen(&mut rng, &test, centre).await;
                let place = format!("step {number} of seed {}: {what}", seed + databases);
                // Of any tenant: nothing that happens to one is seen by another.
                let looked_at = pick(&mut rng, &centres);
                compare(&mut rng, &test.database, looked_at, &place).await;
                if number % 20 == 0 {
                    whole += u64::from(state(&test.database, looked_at.tenant).await.unwrap().is_whole);
                    let is_asked = are_folds_asked(&test.client, looked_at).await;
                    asked.iter_mut().zip(is_asked).for_each(|(times, is_so)| *times += u64::from(is_so));
                }
            }
            done += STEPS_OF_A_DATABASE.min(steps - done);
            databases += 1;
        }
        // Else it would be plain SQL that was compared with itself.
        assert!(whole * 40 > steps, "tenants were seldom folded: {whole} of {}", steps / 20);
        assert!(
            asked.iter().all(|times| times * 200 > steps),
            "folded counts were seldom asked: {asked:?} of {}",
            steps / 20
        );
    });
}

/// Both countings of some report, in one snapshot.
async fn compare_in_a_snapshot(rng: &mut ChaCha8Rng, database: &Database, centre: &Centre) {
    let window = window(rng);
    let campaign = rng.random_bool(0.4).then(|| *pick(rng, &centre.campaigns));
    let zone = *pick(rng, &ZONES);
    let params = |name: &str, is_plain: bool| {
        let params = Params::new()
            .uuid("tenant_id", centre.tenant)
            .instant("from", window.from())
            .instant("to", window.to())
            .flag("plain", is_plain);
        let by_name =
            |params: Params| params.text("after_name", None).uuid("after_id", None).integer("page_size", 1_000);
        match name {
            "reports.campaign_funnel" | "reports.campaign_compliance" => by_name(params.uuid("campaign_id", campaign)),
            "reports.agent_activity" => by_name(params.text("team", None)),
            "reports.call_volume" => params.uuid("campaign_id", campaign).text("timezone", zone),
            "reports.dnc_entries" => params,
            "reports.disposition_mix" => params
                .uuid("campaign_id", campaign)
                .text("after_code", None)
                .integer("after_count", None)
                .integer("page_size", 1_000),
            other => panic!("{other} has no parameters here"),
        }
    };
    // The first of them are those of the five reports.
    let sql = *pick(rng, &callmetry_reports::statements()[..6].iter().map(|(sql, _)| *sql).collect::<Vec<_>>());
    let snapshot = database.snapshot().await.unwrap();
    let folded: Vec<Value> = snapshot.read(sql, params(sql.name(), false)).await.unwrap();
    let plain: Vec<Value> = snapshot.read(sql, params(sql.name(), true)).await.unwrap();
    snapshot.end().await;
    assert_eq!(folded, plain, "{} of {window:?}, {campaign:?}, {zone}", sql.name());
}

#[test]
fn reports_are_exact_while_others_write_and_fold() {
    run(async {
        let (test, mut rng, centres) = start(19).await;
        let centre = &centres[0];
        let is_over = Cell::new(false);
        let write = async {
            for _ in 0..400 {
                let sql = if rng.random_bool(0.5) { insert(&mut rng, centre) } else { change(&mut rng, centre) };
                test.client.batch_execute(&sql).await.unwrap();
            }
            is_over.set(true);
        };
        let fold = async {
            let mut rng = ChaCha8Rng::seed_from_u64(20);
            while !is_over.get() {
                step(&test.database, centre.tenant, &sizes(&mut rng)).await.unwrap();
            }
        };
        let look = async {
            let mut rng = ChaCha8Rng::seed_from_u64(21);
            while !is_over.get() {
                compare_in_a_snapshot(&mut rng, &test.database, centre).await;
            }
        };
        tokio::join!(write, fold, look);
    });
}

#[test]
fn links_that_change_in_pieces_are_those_made_as_a_whole() {
    run(async {
        let (test, mut rng, _) = start(7).await;
        for _ in 0..200 {
            // Of few slots, so that many links are the same, or of all.
            let slots = *pick(&mut rng, &[2, 20, 480]);
            let mut pairs = |count: usize| -> Vec<i32> {
                (0..count).map(|_| rng.random_range(0..slots) * 480 + rng.random_range(0..slots)).collect()
            };
            let (before, gained) = (pairs(400), pairs(40));
            let mut after = [before.clone(), gained.clone()].concat();
            let lost: Vec<i32> =
                (0..rng.random_range(0..40)).map(|_| after.swap_remove(rng.random_range(0..after.len()))).collect();
            after.sort_unstable();
            let running = |of: fn(i32) -> i32| -> Vec<i32> {
                (0..480).map(|place| after.iter().filter(|pair| of(**pair) <= place).count() as i32).collect()
            };
            let expected: Vec<i32> = after.iter().map(|pair| pair % 480).collect();
            let expected = (expected, running(|pair| pair % 480), running(|pair| pair / 480));
            // A tenth of the row, and the row.
            for (had, gained, lost) in [(Some(&before), &gained, &lost), (None, &after, &vec![])] {
                let row = test
                    .client
                    .query_one(
                        "select changed.from_places::integer[], changed.from_links, changed.links
                         from changed_links(null, null, null, $1, null) as before
                         cross join changed_links(
                             case when $1 is not null then before.from_places end,
                             case when $1 is not null then before.from_links end,
                             case when $1 is not null then before.links end, $2, $3
                         ) as changed",
                        &[&had, &gained, &lost],
                    )
                    .await
                    .unwrap();
                assert_eq!((row.get(0), row.get(1), row.get(2)), expected, "{before:?} {gained:?} {lost:?}");
            }
        }
    });
}

#[test]
fn a_step_takes_no_more_days_than_it_may_and_gives_up_links_of_too_many() {
    run(async {
        let (test, _, centres) = start(8).await;
        let Centre { tenant, campaigns, leads, .. } = &centres[0];
        let attempts = format!(
            "insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at)
             select '{tenant}', campaign, '{}', day + time
             from unnest('{{{},{}}}'::uuid[]) as campaign,
                unnest('{{2026-10-22Z,2026-10-23Z,2026-10-24Z}}'::timestamptz[]) as day,
                unnest('{{08:00,20:00}}'::interval[]) as time",
            leads[0], campaigns[0], campaigns[1]
        );
        test.client.batch_execute(&attempts).await.unwrap();
        fold_all(&test.database, *tenant).await;
        test.client
            .batch_execute(&format!("update dial_attempts set abandoned = true where tenant_id = '{tenant}'"))
            .await
            .unwrap();
        let mut left = vec![];
        loop {
            let outcome = step(&test.database, *tenant, &Sizes { days: 1, ..Sizes::default() }).await.unwrap();
            left.push(state(&test.database, *tenant).await.unwrap().touched_cells);
            if outcome == Step::Done || left.len() > 9 {
                break;
            }
        }
        assert_eq!(left, [10, 8, 6, 4, 2, 0]);

        // Rows of a campaign and of the tenant, to three days, from the first; on the last day, to it and within it.
        for (at, link_rows, is_whole) in [
            ("2026-10-22T09:00Z", 6, true),
            ("2026-10-22T09:00Z", 5, false),
            ("2026-10-24T09:00Z", 4, true),
            ("2026-10-24T09:00Z", 3, false),
        ] {
            fold_all(&test.database, *tenant).await;
            test.client
                .batch_execute(&format!(
                    "insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at)
                     values ('{tenant}', '{}', '{}', '{at}')",
                    campaigns[0], leads[0]
                ))
                .await
                .unwrap();
            step(&test.database, *tenant, &Sizes { link_rows, ..Sizes::default() }).await.unwrap();
            assert_eq!(state(&test.database, *tenant).await.unwrap().is_whole, is_whole, "{at}, {link_rows}");
        }
    });
}

#[test]
fn a_step_takes_no_more_new_attempts_than_have_their_links_in_so_many_rows() {
    run(async {
        let (test, _, centres) = start(9).await;
        let Centre { tenant, campaigns, leads, .. } = &centres[0];
        // Twenty on the first day, and one on each of the next two.
        let attempts = format!(
            "insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at)
             select '{tenant}', '{}', '{}', at
             from (
                 select timestamptz '2026-10-22T06:00Z' + n * interval '6 minutes' as at from generate_series(0, 19) as n
                 union all
                 values (timestamptz '2026-10-23T12:00Z'), ('2026-10-24T12:00Z')
             ) as attempt",
            campaigns[0], leads[0]
        );
        test.client.batch_execute(&attempts).await.unwrap();
        // A day has a row with itself and with each earlier one, of each campaign and of the tenant; an attempt has two links at most.
        let scopes = campaigns.len() + 1;
        let attempt = |n: usize| format!("2026-10-22T06:{:02}:00Z", 6 * n);
        for (link_rows, leads_to) in [
            // One slot, whatever it has.
            (1, Some("2026-10-22T06:03:00Z".to_owned())),
            // Less than a day, so the attempts count.
            (2 * scopes - 1, Some(attempt(scopes - 1))),
            (2 * scopes, Some("2026-10-23T00:00:00Z".to_owned())),
            (6 * scopes, Some("2026-10-24T00:00:00Z".to_owned())),
            (2 * 22, None),
        ] {
            rebuild(&test.database, *tenant).await.unwrap();
            let sizes = Sizes { link_rows: i64::try_from(link_rows).unwrap(), ..Sizes::default() };
            // The first one begins.
            for _ in 0..2 {
                step(&test.database, *tenant, &sizes).await.unwrap();
            }
            let folded = state(&test.database, *tenant).await.unwrap();
            assert_eq!(folded.leads_to, leads_to.map(|at| at.parse().unwrap()), "{link_rows}");
            assert_eq!(folded.is_whole, folded.leads_to.is_none(), "{link_rows}");
        }
    });
}

#[test]
fn an_attempt_that_moves_within_its_slot_may_come_inside_the_calling_hours() {
    run(async {
        let (test, _, centres) = start(5).await;
        let Centre { tenant, campaigns, leads, .. } = &centres[0];
        test.client
            .batch_execute(&format!(
                "update campaigns set timezone = 'UTC', calling_hours_start = '08:05', calling_hours_end = '18:00';
                 insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at)
                 values ('{tenant}', '{}', '{}', '2026-10-24T08:04:50Z')",
                campaigns[0], leads[0]
            ))
            .await
            .unwrap();
        fold_all(&test.database, *tenant).await;
        let window =
            Window::new("2026-10-24T00:00:00Z".parse().unwrap(), "2026-10-25T00:00:00Z".parse().unwrap()).unwrap();
        let read = async |counting| {
            compliance::read_by(counting, &test.database, TenantScope::proven(*tenant), window, None).await.unwrap()
        };
        let before = read(Counting::Folded).await;
        test.client
            .batch_execute("update dial_attempts set attempted_at = attempted_at + interval '20 seconds'")
            .await
            .unwrap();
        let after = read(Counting::Folded).await;
        assert_ne!(after, before);
        assert_eq!(after, read(Counting::Plain).await);
    });
}

#[test]
fn what_is_loaded_by_a_session_that_replicates_is_seen_too() {
    run(async {
        let (test, mut rng, centres) = start(7).await;
        let centre = &centres[0];
        fold_all(&test.database, centre.tenant).await;
        test.client.batch_execute("set session_replication_role = replica").await.unwrap();
        for _ in 0..40 {
            test.client.batch_execute(&insert(&mut rng, centre)).await.unwrap();
        }
        assert!(state(&test.database, centre.tenant).await.unwrap().touched_leads > 0);
        for number in 0..40 {
            compare(&mut rng, &test.database, centre, &format!("window {number}")).await;
        }
    });
}

#[test]
fn without_foreign_keys_leads_and_campaigns_may_come_last() {
    run(async {
        let (test, mut rng, centres) = start(11).await;
        let centre = &centres[0];
        let look = async |place: &str| {
            let mut rng = ChaCha8Rng::seed_from_u64(12);
            for _ in 0..40 {
                compare(&mut rng, &test.database, centre, place).await;
            }
        };
        let (tenant, campaign) = (centre.tenant, centre.campaigns[0]);
        test.client
            .batch_execute(&format!(
                "set session_replication_role = replica;
                 update campaigns set calling_hours_start = '08:00', calling_hours_end = '20:00' where tenant_id = '{tenant}';
                 create table later_leads as select * from leads where tenant_id = '{tenant}';
                 create table later_campaigns as select * from campaigns where id = '{campaign}';
                 update later_leads set timezone = 'Asia/Kathmandu';
                 delete from leads where tenant_id = '{tenant}';
                 delete from campaigns where id = '{campaign}'"
            ))
            .await
            .unwrap();
        for _ in 0..40 {
            test.client.batch_execute(&insert(&mut rng, centre)).await.unwrap();
        }
        look("the attempts").await;
        fold_all(&test.database, tenant).await;
        assert!(rebuild(&test.database, tenant).await.unwrap());
        fold_all(&test.database, tenant).await;
        look("folding attempts of nobody").await;
        test.client.batch_execute("insert into leads select * from later_leads").await.unwrap();
        look("the leads").await;
        test.client.batch_execute("insert into campaigns select * from later_campaigns").await.unwrap();
        look("the campaign").await;
        fold_all(&test.database, tenant).await;
        look("folding them").await;
        test.client.batch_execute(&format!("delete from leads where tenant_id = '{tenant}'")).await.unwrap();
        look("that the leads went").await;
    });
}

#[test]
fn a_tenant_that_cannot_be_folded_keeps_nobody_waiting() {
    run(async {
        let (test, mut rng, mut centres) = start(13).await;
        centres.extend(set_up(&mut rng, &test.client).await);
        for centre in &centres {
            for _ in 0..20 {
                test.client.batch_execute(&insert(&mut rng, centre)).await.unwrap();
            }
        }
        let broken = centres[0].tenant;
        test.client
            .batch_execute(&format!("alter table folded_leads add constraint broken check (tenant_id <> '{broken}')"))
            .await
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let tally = fold(&test.database, deadline).await.unwrap();
        assert_eq!((tally.failed, tally.is_unfinished), (1, false), "{tally:?}");
        for centre in &centres {
            assert_eq!(state(&test.database, centre.tenant).await.unwrap().is_whole, centre.tenant != broken);
            compare(&mut rng, &test.database, centre, "a failure").await;
        }
    });
}

#[test]
fn of_a_tenant_that_is_gone_nothing_is_left() {
    run(async {
        let (test, mut rng, centres) = start(17).await;
        let tenant = centres[0].tenant;
        for _ in 0..40 {
            test.client.batch_execute(&insert(&mut rng, &centres[0])).await.unwrap();
        }
        fold_all(&test.database, tenant).await;
        let everything = "select table_name from information_schema.columns
            where table_schema = 'public' and column_name = 'tenant_id' and table_name in (
                select relname from pg_class where relkind in ('r', 'p') and not relispartition
            )";
        let tables: Vec<String> =
            test.client.query(everything, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        let left = async || {
            let mut left = Vec::new();
            for table in &tables {
                let count = format!("select count(*) from {table} where tenant_id = '{tenant}'");
                if test.client.query_one(&count, &[]).await.unwrap().get::<_, i64>(0) > 0 {
                    left.push(table.as_str());
                }
            }
            left
        };
        assert!(left().await.contains(&"folded_links"), "{:?}", left().await);
        for table in [
            "dial_attempts",
            "cdrs",
            "agent_state_intervals",
            "dnc_entries",
            "agents",
            "leads",
            "campaigns",
            "dispositions",
        ] {
            test.client.batch_execute(&format!("delete from {table} where tenant_id = '{tenant}'")).await.unwrap();
        }
        test.client.batch_execute(&format!("delete from tenants where id = '{tenant}'")).await.unwrap();
        assert_eq!(left().await, Vec::<&str>::new());
    });
}

#[test]
fn what_notes_is_nobodys_to_call_and_what_verifies_reads_no_number() {
    run(async {
        let test = TestDatabase::new().await;
        let may = async |question: String| test.client.query_one(&question, &[]).await.unwrap().get::<_, bool>(0);
        let functions =
            ["note_attempts", "note_hours", "note_lead_zones", "note_campaign_zones", "forget_folds", "forget_tenants"];
        for role in ["callmetry_app", "callmetry_admin"] {
            for function in functions {
                let question = format!("select has_function_privilege('{role}', '{function}()', 'execute')");
                assert!(!may(question).await, "{role} may call {function}");
            }
        }
        let columns = [
            ("leads", "phone"),
            ("dnc_entries", "phone"),
            ("cdrs", "from_number"),
            ("cdrs", "to_number"),
            ("cdrs", "recording_url"),
        ];
        for (table, column) in columns {
            let question = format!("select has_column_privilege('callmetry_admin', '{table}', '{column}', 'select')");
            assert!(!may(question).await, "{table}.{column}");
        }
    });
}

#[test]
fn a_verification_whose_time_is_up_says_what_it_compared() {
    run(async {
        let (test, _, centres) = start(7).await;
        let window =
            Window::new("2026-10-01T00:00:00Z".parse().unwrap(), "2026-10-31T00:00:00Z".parse().unwrap()).unwrap();
        // The second of its reports waits for this lock until its statement is cancelled.
        test.client.batch_execute("begin; lock table agents in access exclusive mode").await.unwrap();
        let deadline = Instant::now() + Duration::from_millis(200);
        let cancel = async {
            sleep_until(deadline).await;
            let waiting = "select pg_cancel_backend(pid) from pg_locks where not granted
                and database = (select oid from pg_database where datname = current_database())";
            loop {
                test.client.query(waiting, &[]).await.unwrap();
                sleep(Duration::from_millis(5)).await;
            }
        };
        let found = tokio::select! {
            found = verify(&test.database, TenantScope::proven(centres[0].tenant), window, deadline) => found.unwrap(),
            () = cancel => unreachable!(),
        };
        assert_eq!(found, Verification { same: 1, is_unfinished: true, ..Verification::default() });
    });
}
