//! The Data API's stand-in has the types, limits and errors of the service, seen through our own client.

use std::time::Duration;

use callmetry_database::{Error, Params, Sql};
use callmetry_testing::{TestDatabase, run};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct One<T> {
    value: T,
}

async fn one<T: serde::de::DeserializeOwned>(
    database: &TestDatabase,
    sql: &'static str,
    params: Params,
) -> Result<T, Error> {
    Ok(database.database.read::<One<T>>(Sql::new(sql), params).await?.remove(0).value)
}

#[test]
fn values_go_in_and_come_out_as_they_are() {
    run(async {
        let database = TestDatabase::new().await;
        let id = Uuid::from_u128(7);
        let params = Params::new().uuid("v", id);
        assert_eq!(one::<Uuid>(&database, "-- t\nselect :v::uuid as value", params).await.unwrap(), id);
        for text in ["", "it's", "ünïcode 🎉", "a:b :c ::d", "line\nbreak", "\\x00", "$1"] {
            let found: String =
                one(&database, "-- t\nselect :v::text as value", Params::new().text("v", text)).await.unwrap();
            assert_eq!(found, text);
        }
        for number in [0, -1, i64::MAX, i64::MIN] {
            let found: i64 =
                one(&database, "-- t\nselect :v::bigint as value", Params::new().integer("v", number)).await.unwrap();
            assert_eq!(found, number);
        }
        let none: Option<String> =
            one(&database, "-- t\nselect :v::text as value", Params::new().text("v", None)).await.unwrap();
        assert_eq!(none, None);
        #[derive(Deserialize)]
        struct At {
            #[serde(with = "callmetry_database::instant")]
            value: DateTime<Utc>,
        }
        for instant in
            ["2026-02-15T04:34:33.5Z", "1999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
        {
            let at: DateTime<Utc> = instant.parse().unwrap();
            let sql = Sql::new("-- t\nselect instant(:v::text) as value");
            assert_eq!(database.database.read::<At>(sql, Params::new().instant("v", at)).await.unwrap()[0].value, at);
        }
        assert!(
            one::<bool>(&database, "-- t\nselect :v::boolean as value", Params::new().flag("v", true)).await.unwrap()
        );
    });
}

#[test]
fn text_is_not_cast_silently() {
    run(async {
        let database = TestDatabase::new().await;
        let wrong = one::<i64>(
            &database,
            "-- t\nselect count(*) as value from tenants where id = :v",
            Params::new().text("v", "x"),
        )
        .await;
        assert!(wrong.unwrap_err().is_sqlstate("42883"));
        let missing = one::<i64>(&database, "-- t\nselect :other::bigint as value", Params::new()).await.unwrap_err();
        assert!(matches!(missing, Error::Refused { .. }), "{missing}");
    });
}

#[test]
fn one_statement_within_the_limits() {
    run(async {
        let database = TestDatabase::new().await;
        let many = one::<i64>(&database, "-- t\nselect 1; select 2", Params::new()).await.unwrap_err();
        assert!(many.to_string().contains("Multistatements aren't supported."), "{many}");
        let row =
            one::<String>(&database, "-- t\nselect repeat('x', 65537) as value", Params::new()).await.unwrap_err();
        assert!(matches!(row, Error::TooLarge(_)), "{row}");
        let result = one::<String>(
            &database,
            "-- t\nselect repeat('x', 1000) as value from generate_series(1, 1100)",
            Params::new(),
        )
        .await;
        assert!(matches!(result.unwrap_err(), Error::TooLarge(_)));
        let request = Params::new().text("v", "x".repeat(5 << 20).as_str());
        assert!(matches!(
            one::<i64>(&database, "-- t\nselect length(:v::text)::bigint as value", request).await,
            Err(Error::Refused { .. })
        ));
        let unsupported =
            one::<String>(&database, "-- t\nselect interval '1 day' as value", Params::new()).await.unwrap_err();
        assert!(unsupported.to_string().contains("unsupported data type INTERVAL"), "{unsupported}");
    });
}

#[test]
fn the_application_role_only_reads_what_the_dialer_writes() {
    run(async {
        let database = TestDatabase::new().await;
        for sql in [
            "-- t\ninsert into tenants (slug, name) values ('x', 'x')",
            "-- t\ndelete from cdrs",
            "-- t\nupdate agents set state = 'busy'",
            "-- t\ncreate table x (y int)",
            "-- t\nselect * from schema_migrations",
        ] {
            let refused = database.database.write::<()>(Sql::new(sql), Params::new()).await.unwrap_err();
            assert!(refused.is_sqlstate("42501"), "{sql}: {refused}");
        }
    });
}

#[test]
fn transactions_are_whole_and_end_with_an_error() {
    run(async {
        let database = TestDatabase::new().await;
        let insert = Sql::new("-- t\ninsert into tenants (slug, name) values (:slug::text, 'x')");
        let count = Sql::new("-- t\nselect count(*) as value from tenants");
        let slug = |slug: &str| Params::new().text("slug", slug);
        let transaction = database.master.begin().await.unwrap();
        transaction.run::<()>(insert, slug("a")).await.unwrap();
        assert_eq!(database.master.read::<One<i64>>(count, Params::new()).await.unwrap()[0].value, 0);
        transaction.commit().await.unwrap();
        assert_eq!(database.master.read::<One<i64>>(count, Params::new()).await.unwrap()[0].value, 1);

        let transaction = database.master.begin().await.unwrap();
        transaction.run::<()>(insert, slug("b")).await.unwrap();
        assert!(transaction.run::<()>(insert, slug("a")).await.unwrap_err().is_sqlstate("23505"));
        let after = transaction.run::<()>(insert, slug("c")).await.unwrap_err();
        assert!(matches!(&after, Error::Refused { code, .. } if code == "TransactionNotFoundException"), "{after}");
        assert_eq!(database.master.read::<One<i64>>(count, Params::new()).await.unwrap()[0].value, 1);

        let transaction = database.master.begin().await.unwrap();
        let slow = Sql::new("-- t\nselect pg_sleep(4)::text as value");
        let (first, second) = tokio::join!(transaction.run::<One<String>>(slow, Params::new()), async {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            transaction.run::<One<i64>>(count, Params::new()).await
        });
        first.unwrap();
        assert!(second.unwrap_err().to_string().contains("still running a query"));
        transaction.rollback().await;
    });
}

#[test]
fn a_deadline_is_kept_and_a_write_says_that_its_outcome_is_unknown() {
    run(async {
        let database = TestDatabase::new().await;
        let hurried = database.master.within(Duration::from_millis(300));
        let slow = Sql::new("-- t\nselect pg_sleep(5)::text as value");
        assert!(matches!(hurried.read::<One<String>>(slow, Params::new()).await, Err(Error::Timeout)));
        let write = Sql::new("-- t\ninsert into tenants (slug, name) select 'slow', pg_sleep(5)::text");
        let hurried = database.master.within(Duration::from_millis(300));
        assert!(matches!(hurried.write::<()>(write, Params::new()).await, Err(Error::OutcomeUnknown(_))));
        assert!(hurried.usage().calls() >= 1);
    });
}
