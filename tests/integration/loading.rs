//! `cargo local load`: all of a file or nothing, and errors with the line.

use std::path::PathBuf;

use callmetry_local::load::load;
use callmetry_testing::{Centre, TestDatabase, run, scratch_dir};

fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = scratch_dir("load").join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn a_bad_row_stops_it_with_its_line_and_nothing_is_loaded() {
    run(async {
        let mut database = TestDatabase::new().await;
        let tenant = Centre::new(&database.client).await.tenant;
        let good = format!("tenant_id,phone,timezone\n{tenant},+1,Europe/Madrid\n");
        for (row, expected) in [
            (format!("{tenant},+2"), "line 3: has 2 cells, the header has 3"),
            (format!("{tenant},+2,Mars/Olympus"), "line 3: time zone \"Mars/Olympus\" not recognized"),
            ("x,+2,".to_owned(), "line 3, column tenant_id: \"x\": invalid input syntax for type uuid: \"x\""),
            (format!("{tenant},,"), "line 3: null value in column \"phone\""),
            (
                "11111111-1111-1111-1111-111111111111,+2,".to_owned(),
                "line 3: insert or update on table \"leads\" violates foreign key",
            ),
        ] {
            let error = load(&mut database.client, "leads", &file("leads.csv", format!("{good}{row}\n").as_bytes()))
                .await
                .unwrap_err();
            assert!(error.to_string().starts_with(expected), "{row}: {error}");
        }
        let not_utf8 = [good.as_bytes(), tenant.to_string().as_bytes(), b",\xff,\n"].concat();
        let error = load(&mut database.client, "leads", &file("leads.csv", &not_utf8)).await.unwrap_err();
        assert_eq!(error.to_string(), "line 3: is not UTF-8");
        assert!(database.client.query("select from leads", &[]).await.unwrap().is_empty());
        assert_eq!(load(&mut database.client, "leads", &file("leads.csv", good.as_bytes())).await.unwrap(), 1);
    });
}

#[test]
fn unknown_tables_columns_and_files() {
    run(async {
        let mut database = TestDatabase::new().await;
        let leads = file("leads.csv", b"tenant_id,fone\n");
        for (table, path, expected) in [
            ("api_keys", &leads, "there is no table api_keys to load"),
            ("leads", &leads, "line 1: leads has no column \"fone\"; it has: "),
            ("leads", &file("empty.csv", b""), "line 1 is no header"),
            ("leads", &PathBuf::from("/nowhere.csv"), "cannot open /nowhere.csv"),
        ] {
            let error = load(&mut database.client, table, path).await.unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    });
}
