//! Migrations: each once, in a transaction, recorded; changed ones stop everything.

use callmetry_database::migrations::{ALL, Migration, MigrationError, apply};
use callmetry_testing::{TestDatabase, run};

const FIRST: Migration =
    Migration { name: "0001_a.sql", text: "create table a (id int);\n\ncreate table b (id int);\n" };
const SECOND: Migration = Migration { name: "0002_b.sql", text: "-- why\ninsert into a values (1);\n" };

#[test]
fn each_is_applied_once() {
    run(async {
        let database = TestDatabase::empty().await;
        assert_eq!(apply(&database.master, &[FIRST]).await.unwrap().applied, ["0001_a.sql"]);
        assert_eq!(apply(&database.master, &[FIRST, SECOND]).await.unwrap().applied, ["0002_b.sql"]);
        assert!(apply(&database.master, &[FIRST, SECOND]).await.unwrap().applied.is_empty());
        assert_eq!(database.client.query("select from a", &[]).await.unwrap().len(), 1);
    });
}

#[test]
fn a_changed_one_stops_with_a_clear_error() {
    run(async {
        let database = TestDatabase::empty().await;
        apply(&database.master, &[FIRST]).await.unwrap();
        let changed = Migration { text: "create table a (id bigint);", ..FIRST };
        let error = apply(&database.master, &[changed, SECOND]).await.unwrap_err();
        assert!(matches!(error, MigrationError::Changed { .. }));
        assert!(
            error.to_string().starts_with("migration 0001_a.sql was changed after it was applied: recorded SHA-256 "),
            "{error}"
        );
        assert!(database.client.query("select from a", &[]).await.unwrap().is_empty(), "nothing after it was applied");
    });
}

#[test]
fn a_failing_one_leaves_nothing_behind() {
    run(async {
        let database = TestDatabase::empty().await;
        let broken = Migration { name: "0002_b.sql", text: "create table c (id int);\n\nselect 1/0;\n" };
        let error = apply(&database.master, &[FIRST, broken]).await.unwrap_err();
        assert!(error.to_string().starts_with("migration 0002_b.sql, statement 2: SQL error 22012"), "{error}");
        assert!(database.client.query("select from c", &[]).await.is_err());
        assert_eq!(apply(&database.master, &[FIRST, SECOND]).await.unwrap().applied, ["0002_b.sql"]);
    });
}

#[test]
fn many_at_once_apply_each_once() {
    run(async {
        let database = TestDatabase::empty().await;
        let runs = (0..8).map(|_| {
            let master = database.master.clone();
            tokio::spawn(async move { apply(&master, &[FIRST, SECOND]).await.unwrap().applied })
        });
        let mut applied = Vec::new();
        for run in runs.collect::<Vec<_>>() {
            applied.extend(run.await.unwrap());
        }
        applied.sort();
        assert_eq!(applied, ["0001_a.sql", "0002_b.sql"]);
        assert_eq!(database.client.query("select from a", &[]).await.unwrap().len(), 1);
    });
}

#[test]
fn a_newer_database_is_left_alone() {
    run(async {
        let database = TestDatabase::empty().await;
        apply(&database.master, &[FIRST, SECOND]).await.unwrap();
        let again = apply(&database.master, &[FIRST]).await.unwrap();
        assert!(again.applied.is_empty() && again.is_newer);
    });
}

#[test]
fn the_real_ones_give_the_schema_that_dialers_rely_on() {
    run(async {
        let database = TestDatabase::new().await;
        assert!(apply(&database.master, ALL).await.unwrap().applied.is_empty());
        let client = &database.client;
        let tenant: uuid::Uuid = client
            .query_one("insert into tenants (slug, name) values ('a', 'A') returning id", &[])
            .await
            .unwrap()
            .get(0);
        let other: uuid::Uuid = client
            .query_one("insert into tenants (slug, name) values ('b', 'B') returning id", &[])
            .await
            .unwrap()
            .get(0);
        let campaign: uuid::Uuid = client
            .query_one("insert into campaigns (tenant_id, name) values ($1, 'c') returning id", &[&tenant])
            .await
            .unwrap()
            .get(0);
        let call = "insert into cdrs (tenant_id, campaign_id, direction, from_number, to_number, hangup_cause, started_at, answered_at, ended_at, talk_secs)";
        for refused in [
            format!("insert into campaigns (tenant_id, name, timezone) values ('{tenant}', 'x', 'Mars/Olympus')"),
            format!("insert into campaigns (tenant_id, name, calling_hours_start) values ('{tenant}', 'x', '09:00')"),
            format!("insert into leads (tenant_id, phone, campaign_id) values ('{other}', '+1', '{campaign}')"),
            format!("insert into agents (tenant_id, name, state) values ('{tenant}', 'x', 'asleep')"),
            format!("insert into dnc_entries values ('{tenant}', '+1', 'nobody', now())"),
            format!("{call} values ('{tenant}', null, 'sideways', '', '', '', now(), null, now(), 0)"),
            format!("{call} values ('{tenant}', null, 'inbound', '', '', '', now(), now() - interval '1 s', now(), 0)"),
            format!("{call} values ('{tenant}', null, 'inbound', '', '', '', now(), null, now() - interval '1 s', 0)"),
            format!("{call} values ('{tenant}', null, 'inbound', '', '', '', now(), null, now(), -1)"),
            format!("{call} values ('{other}', '{campaign}', 'inbound', '', '', '', now(), null, now(), 0)"),
        ] {
            assert!(client.batch_execute(&refused).await.is_err(), "{refused}");
        }
        client
            .batch_execute(&format!(
                "{call} values ('{tenant}', '{campaign}', 'inbound', '', '', '', now(), null, now(), 0)"
            ))
            .await
            .unwrap();
    });
}
