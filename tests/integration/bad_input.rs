//! Bad input gets the status and body of the contract: never a 500, never a hang.

use std::time::Duration;

use callmetry_testing::{Centre, run, shared_stack};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::{REPORTS, get, send};

/// Query strings and the fields that they are refused for.
const QUERIES: [(&str, &[&str]); 19] = [
    ("from=yesterday", &["from"]),
    ("from=2026-01-01", &["from"]),
    ("from=2026-02-30T00:00:00Z", &["from"]),
    ("from=2026-01-01T00:00:00", &["from"]),
    ("to=2026-01-01T00%3A00", &["to"]),
    ("from=&to=", &["from", "to"]),
    ("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", &["from"]),
    ("from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", &["from"]),
    ("from=2000-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", &["from"]),
    ("from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z", &["from"]),
    ("from=-4000-01-01T00:00:00Z", &["from"]),
    ("to=0001-01-01T00:00:00Z", &["to"]),
    ("from=9999-12-01T00:00:00Z&to=9999-12-31T00:00:00.000001Z", &["from"]),
    ("form=csv", &["form"]),
    ("format=xml", &["format"]),
    ("from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z", &["from"]),
    ("tenant_id=acme&limit=5", &["tenant_id", "limit"]),
    ("tenant_id=%00", &["tenant_id"]),
    ("from=%ff%fe", &["from"]),
];

#[test]
fn every_report_refuses_every_bad_query() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = Centre::new(&client).await.key("supervisor").await;
        for report in REPORTS {
            let url = format!("{}/api/v1/reports/{report}", stack.endpoints.api);
            for (query, fields) in QUERIES {
                let answer = get(&format!("{url}?{query}"), Some(&key)).await;
                assert_eq!(answer.status, 400, "{report}?{query}: {}", answer.text);
                assert_eq!(answer.content_type(), "application/problem+json");
                assert_eq!(answer.fields(), fields, "{report}?{query}");
            }
            let own: &[(&str, &str)] = match report {
                "agents" => &[
                    ("campaign_id=0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c", "campaign_id"),
                    ("team=%00", "team"),
                    ("timezone=UTC", "timezone"),
                ],
                "call-volume" => &[
                    ("campaign_id=1", "campaign_id"),
                    ("timezone=Mars/Olympus", "timezone"),
                    ("timezone=europe/madrid", "timezone"),
                    ("timezone=%2B03", "timezone"),
                    ("team=a", "team"),
                ],
                _ => &[
                    ("campaign_id=0b8a51d44d9e4c078d2f5b0d0c1a2b3c", "campaign_id"),
                    ("timezone=UTC", "timezone"),
                    ("team=a", "team"),
                ],
            };
            for (query, field) in own {
                assert_eq!(get(&format!("{url}?{query}"), Some(&key)).await.fields(), [*field], "{report}?{query}");
            }
        }
    });
}

#[test]
fn odd_but_good_queries_are_answered() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = Centre::new(&client).await.key("supervisor").await;
        for query in [
            "",
            "&&",
            "from=2026-01-01T00:00:00+02:00",
            "from=2026-01-01T00:00:00%2B02:00&to=2026-01-01t12:00:00z",
            "from=0001-01-02T00:00:00Z&to=0001-02-01T00:00:00Z",
            "from=9999-12-01T00:00:00Z&to=9999-12-31T00:00:00Z",
            "from=2016-12-31T23:59:60Z&to=2017-01-02T00:00:00.123456789Z",
            "format=json",
        ] {
            for report in REPORTS {
                let answer = get(&format!("{}/api/v1/reports/{report}?{query}", stack.endpoints.api), Some(&key)).await;
                assert_eq!(answer.status, 200, "{report}?{query}: {}", answer.text);
            }
        }
    });
}

#[test]
fn odd_headers_do_not_matter() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = Centre::new(&client).await.key("supervisor").await;
        let url = format!("{}/api/v1/reports/campaigns", stack.endpoints.api);
        for value in [&b"caf\xc3\xa9"[..], b"caf\xe9", b"<script>", b"a,b;c=\"d"] {
            let request = reqwest::Client::new().get(&url).header("user-agent", value).header("x-anything", value);
            let answer = send(request.header("host", "ho st|{}").header("cookie", "a=b; c"), Some(&key)).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    });
}

#[test]
fn what_the_gateway_answers_itself() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let key = Centre::new(&client).await.key("supervisor").await;
        let api = &stack.endpoints.api;
        let url = format!("{api}/api/v1/reports/campaigns");
        let http = reqwest::Client::new();
        let not_found = json!({"message": "Not Found"});
        for request in [
            http.post(&url),
            http.put(&url),
            http.delete(&url),
            http.get(format!("{url}/")),
            http.get(format!("{api}/nowhere")),
        ] {
            let answer = send(request, Some(&key)).await;
            assert_eq!((answer.status, answer.json()), (404, not_found.clone()));
        }
        for length in [10_300, 30_000, 100_000, 1_000_000] {
            let line = format!(
                "GET /api/v1/reports/campaigns?team={} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
                "x".repeat(length)
            );
            let answer = raw(api, line.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{length}: {answer}");
            assert!(answer.ends_with(r#"{"message":"Request Header Fields Too Large"}"#), "{length}: {answer}");
        }
        let long_but_fine = get(&format!("{api}/api/v1/reports/agents?team={}", "x".repeat(9_000)), Some(&key)).await;
        assert_eq!(long_but_fine.status, 200);
        let body = http.get(&url).body(vec![b'x'; 11 << 20]);
        assert_eq!(send(body, Some(&key)).await.status, 413);
    });
}

#[test]
fn bytes_that_are_no_http_are_refused_at_once() {
    run(async {
        let stack = shared_stack().await;
        for line in [
            &b"GET /api/v1/reports/campaigns?a=\xff HTTP/1.1"[..],
            b"GET /api/v1/reports/campaigns?\x00 HTTP/1.1",
            b"nonsense",
        ] {
            let answer =
                raw(&stack.endpoints.api, &[line, b"\r\nhost: x\r\nauthorization: Bearer x\r\n\r\n"].concat()).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        }
    });
}

async fn raw(api: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(api.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
