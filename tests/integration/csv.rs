//! CSV over HTTP: the same values as the JSON, read by another reader, without a formula in it.

use std::io::Write;
use std::process::{Command, Stdio};

use callmetry_testing::{Attempt, Call, Campaign, Centre, run, shared_stack};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::http::{Answer, get, send};

/// What spreadsheets and readers stumble over.
const CORPUS: [&str; 16] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\"quoted\"",
    "a,b",
    "two\nlines",
    "three\r\nlines",
    "🎉 party",
    "مرحبا بالعالم",
    "'=1+1",
    " =1",
    "",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
];

const WINDOW: &str = "from=2026-03-01T00:00:00Z&to=2026-03-03T12:00:00Z";

async fn centre(client: &tokio_postgres::Client) -> Centre<'_> {
    let centre = Centre::new(client).await;
    let at: DateTime<Utc> = "2026-03-02T10:00:00Z".parse().unwrap();
    let lead = centre.lead(None).await;
    for text in CORPUS {
        let campaign = centre.campaign(Campaign { name: text, ..Default::default() }).await;
        let agent = centre.agent(text, None).await;
        let attempt = Attempt { answered_by: Some("human"), disposition: Some(text), abandoned: text.is_empty() };
        centre.attempt(campaign, lead, at, attempt).await;
        centre
            .call(
                at,
                Call { agent: Some(agent), answered: true, talk_secs: 61, hangup_cause: text, ..Default::default() },
            )
            .await;
    }
    centre.dnc("+1", "national", at).await;
    centre
}

/// Rows as Python's csv module reads them, under their header.
pub fn python(csv: &str) -> Vec<serde_json::Map<String, Value>> {
    let script = "import csv, io, json, sys\ntext = sys.stdin.buffer.read().decode('utf-8-sig')\n\
                  print(json.dumps(list(csv.DictReader(io.StringIO(text, newline='')))))";
    let mut child =
        Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(csv.as_bytes()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// Each table: the query, where its rows are in the JSON, and its file name.
const TABLES: [(&str, &str, &str); 9] = [
    ("campaigns?", "/rows", "campaigns_2026-03-01_2026-03-03.csv"),
    ("agents?", "/rows", "agents_2026-03-01_2026-03-03.csv"),
    ("dispositions?", "/rows", "dispositions_2026-03-01_2026-03-03.csv"),
    ("call-volume?", "/daily", "call-volume_2026-03-01_2026-03-03.csv"),
    ("call-volume?section=totals&", "/totals", "call-volume_totals_2026-03-01_2026-03-03.csv"),
    ("call-volume?section=hangup_causes&", "/hangup_causes", "call-volume_hangup_causes_2026-03-01_2026-03-03.csv"),
    ("compliance?section=abandonment&", "/abandonment/campaigns", "compliance_2026-03-01_2026-03-03.csv"),
    ("compliance?section=dnc&", "/dnc/by_source", "compliance_dnc_2026-03-01_2026-03-03.csv"),
    ("compliance?section=calling_hours&", "/calling_hours", "compliance_calling_hours_2026-03-01_2026-03-03.csv"),
];

#[test]
fn every_table_has_the_values_of_the_json_and_no_formula() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = centre(&client).await.key("supervisor").await;
        let fetch = async |path: &str| -> Answer {
            get(&format!("{}/api/v1/reports/{path}", stack.endpoints.api), Some(&key)).await
        };
        for (path, place, file_name) in TABLES {
            let json = fetch(&format!("{}?{WINDOW}", path.split('?').next().unwrap())).await.json();
            let csv = fetch(&format!("{path}format=csv&{WINDOW}")).await;
            assert_eq!((csv.status, csv.content_type()), (200, "text/csv; charset=utf-8"), "{path}: {}", csv.text);
            assert_eq!(csv.headers["content-disposition"], format!("attachment; filename=\"{file_name}\""));
            let rows = match json.pointer(place).unwrap() {
                Value::Array(rows) => rows.clone(),
                object => vec![object.clone()],
            };
            let found = python(&csv.text);
            assert_eq!(found.len(), rows.len(), "{path}");
            for (found, expected) in found.iter().zip(&rows) {
                let expected = expected.as_object().unwrap();
                assert!(found.keys().eq(expected.keys()), "{path}: the JSON's names in its order");
                for (name, value) in expected {
                    let text = match value {
                        Value::Null => String::new(),
                        Value::String(text) => callmetry_render::csv::guarded(text).into_owned(),
                        other => other.to_string(),
                    };
                    assert_eq!(found[name], text.as_str(), "{path}: {name}");
                    assert!(
                        !value.is_string() || !text.starts_with(['=', '+', '-', '@', '\t', '\r']),
                        "{path}: {text:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn accept_asks_for_it_too_and_excel_gets_its_mark() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = centre(&client).await.key("supervisor").await;
        let url = format!("{}/api/v1/reports/dispositions?{WINDOW}", stack.endpoints.api);
        let by_header = send(reqwest::Client::new().get(&url).header("accept", "text/csv"), Some(&key)).await;
        let by_parameter = get(&format!("{url}&format=csv"), Some(&key)).await;
        assert_eq!(by_header.text, by_parameter.text);
        assert!(by_header.text.starts_with("code,label,category,count,share\r\n"));
        let json =
            send(reqwest::Client::new().get(format!("{url}&format=json")).header("accept", "text/csv"), Some(&key))
                .await;
        assert_eq!(json.content_type(), "application/json");
        let marked = get(&format!("{url}&format=csv&bom=true"), Some(&key)).await;
        assert_eq!(marked.text, format!("\u{feff}{}", by_parameter.text));
        // Problems stay JSON.
        let problem =
            send(reqwest::Client::new().get(format!("{url}&limit=1")).header("accept", "text/csv"), Some(&key)).await;
        assert_eq!((problem.status, problem.content_type()), (400, "application/problem+json"));
    });
}
