//! Real calls: a Portuguese bank's outbound campaigns (UCI Bank Marketing). The files are not part of this repository;
//! the test says so and passes where they are not beside it.

use std::path::Path;

use callmetry_local::binaries::workspace;
use callmetry_local::load::load;
use callmetry_testing::{TestDatabase, run, shared_stack};
use serde_json::{Value, json};

use crate::http::get;

#[test]
fn the_reports_of_the_real_campaigns() {
    let folder = workspace().join("../shared/data/uci-telemarketing");
    if !folder.exists() {
        say!("skipped: the real calls are not at {}", folder.display());
        return;
    }
    run(async {
        let stack = shared_stack().await;
        let mut client = stack.postgres.connect(&stack.database).await.unwrap();
        load_all(&mut client, &folder).await;
        let report = async |path: &str| -> Value {
            let window =
                "from=2008-01-01T00:00:00Z&to=2011-01-01T00:00:00Z&tenant_id=851124f8-2a9b-5d89-b24c-c30f7cd7ee23";
            let url = format!("{}/api/v1/reports/{path}?{window}", stack.endpoints.api);
            get(&url, Some(&stack.endpoints.tokens.platform_admin)).await.json()
        };
        let totals = report("campaigns").await["totals"].clone();
        let expected = json!({"attempts": 124_956, "leads_dialed": 45_211, "human": 45_208, "sales": 5_289, "contact_rate": 36.18, "conversion_rate": 11.7});
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&totals[name], value, "{name}");
        }
        let volume = report("call-volume").await["totals"].clone();
        assert_eq!((&volume["total_calls"], &volume["talk_secs"]), (&json!(45_211), &json!(11_671_811)));
        assert_eq!(report("dispositions").await["totals"]["count"], 124_956);
        assert_eq!(report("compliance").await["calling_hours"]["inside"], 124_956);
    });
}

async fn load_all(client: &mut tokio_postgres::Client, folder: &Path) {
    for (table, rows) in [
        ("tenants", 1),
        ("campaigns", 3),
        ("dispositions", 3),
        ("leads", 45_211),
        ("dial_attempts", 124_956),
        ("cdrs", 45_211),
    ] {
        assert_eq!(load(client, table, &folder.join(format!("{table}.csv.gz"))).await.unwrap(), rows, "{table}");
    }
}

#[test]
fn a_fresh_database_has_none_of_it() {
    run(async {
        let database = TestDatabase::new().await;
        assert!(database.client.query("select from tenants", &[]).await.unwrap().is_empty());
    });
}
