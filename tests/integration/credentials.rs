//! Every route with every kind of credential. A route that is not listed here fails the test.

use callmetry_access::ApiKey;
use callmetry_testing::{Centre, run, shared_stack};
use serde_json::json;

use crate::http::{get, request, send};

/// The lowest role of each route.
const ROUTES: [(&str, &str, &str); 27] = [
    ("GET", "/api/v1/caller", "agent"),
    ("GET", "/api/v1/reports/campaigns", "supervisor"),
    ("GET", "/api/v1/reports/agents", "supervisor"),
    ("GET", "/api/v1/reports/call-volume", "supervisor"),
    ("GET", "/api/v1/reports/compliance", "supervisor"),
    ("GET", "/api/v1/reports/dispositions", "supervisor"),
    ("GET", "/api/v1/cdrs/export", "supervisor"),
    ("POST", "/api/v1/reports", "supervisor"),
    ("GET", "/api/v1/reports", "supervisor"),
    ("GET", "/api/v1/reports/{id}", "supervisor"),
    ("DELETE", "/api/v1/reports/{id}/schedule", "admin"),
    ("POST", "/api/v1/qa/scorecards", "admin"),
    ("GET", "/api/v1/qa/scorecards", "supervisor"),
    ("GET", "/api/v1/qa/scorecards/{id}", "supervisor"),
    ("PUT", "/api/v1/qa/scorecards/{id}", "admin"),
    ("DELETE", "/api/v1/qa/scorecards/{id}", "admin"),
    ("POST", "/api/v1/qa/evaluations", "supervisor"),
    ("GET", "/api/v1/qa/evaluations", "supervisor"),
    ("GET", "/api/v1/qa/evaluations/{id}", "supervisor"),
    ("GET", "/api/v1/qa/agent-scores", "supervisor"),
    ("POST", "/api/v1/report-schedules", "admin"),
    ("GET", "/api/v1/report-schedules", "admin"),
    ("GET", "/api/v1/report-schedules/{id}", "admin"),
    ("PUT", "/api/v1/report-schedules/{id}", "admin"),
    ("DELETE", "/api/v1/report-schedules/{id}", "admin"),
    ("POST", "/api/v1/report-schedules/{id}/send", "admin"),
    ("GET", "/api/v1/report-schedules/{id}/deliveries", "admin"),
];

/// The routes that ask nobody who calls.
const OPEN: [(&str, &str); 5] = [
    ("GET", "/reports"),
    ("GET", "/reports/assets/{file}"),
    ("GET", "/signed/{file}"),
    ("GET", "/unsubscribe"),
    ("POST", "/unsubscribe"),
];

/// The routes that honour `?tenant_id=` and say in their answer whose rows they are.
fn of_any_tenant() -> impl Iterator<Item = String> {
    crate::http::REPORTS.into_iter().map(|report| format!("/api/v1/reports/{report}"))
}

/// A path that leads to a route; where it names a row, there is none.
fn sample(path: &str) -> String {
    path.replace("{id}", "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c")
}

const ROLES: [&str; 4] = ["agent", "supervisor", "admin", "platform_admin"];

#[test]
fn every_route_of_the_template_is_listed() {
    let routes = run(async { shared_stack().await.template.functions().unwrap() });
    let mut found: Vec<(String, String)> = routes.into_iter().flat_map(|function| function.routes).collect();
    let guarded = ROUTES.map(|(method, path, _)| (method, path));
    let mut listed: Vec<(String, String)> =
        guarded.iter().chain(&OPEN).map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn every_route_with_every_role() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        for role in ROLES {
            let key = centre.key(role).await;
            for (method, path, lowest) in ROUTES {
                let url = format!("{}{}", stack.endpoints.api, sample(path));
                let answer = request(method, &url, &key, None).await;
                let rank = |role| ROLES.iter().position(|known| *known == role);
                let expected = match (rank(role) >= rank(lowest), method, path.contains("{id}")) {
                    (false, _, _) => 403,
                    (true, "GET", false) => 200,
                    // There is no such row; where a body is needed, it is missing.
                    (true, "GET" | "DELETE", true) => 404,
                    (true, _, true) if path.ends_with("/send") => 404,
                    (true, _, _) => 400,
                };
                assert_eq!(answer.status, expected, "{role} {method} {path}: {}", answer.text);
                if expected == 403 {
                    assert_eq!(answer.content_type(), "application/problem+json");
                    // The role is checked before the input.
                    let with_bad_input = request(method, &format!("{url}?form=csv"), &key, None).await;
                    assert_eq!(with_bad_input.status, 403);
                }
            }
        }
    });
}

#[test]
fn every_route_without_a_good_key() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let revoked = centre.key("supervisor").await;
        let expired = centre.key("admin").await;
        let hash = |key: &str| ApiKey::parse(key).unwrap().hash().to_vec();
        client.execute("update api_keys set revoked_at = now() where key_hash = $1", &[&hash(&revoked)]).await.unwrap();
        client
            .execute(
                "update api_keys set expires_at = now() - interval '1 second' where key_hash = $1",
                &[&hash(&expired)],
            )
            .await
            .unwrap();
        let unknown = ApiKey::generate().unwrap().reveal().to_owned();
        let mistyped = format!("{}x", &unknown[..40]);
        for (method, path, _) in ROUTES {
            let url = format!("{}{}", stack.endpoints.api, sample(path));
            for token in [&revoked, &expired, &unknown, &mistyped, "", "cm_", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
                let answer = request(method, &url, token, None).await;
                assert_eq!(answer.status, 401, "{token}: {}", answer.text);
                assert_eq!(answer.content_type(), "application/problem+json");
                assert_eq!(answer.json()["title"], "Unauthorized");
            }
            let bare = || reqwest::Client::new().request(method.parse().unwrap(), &url);
            let none = send(bare(), None).await;
            assert_eq!((none.status, none.json()), (401, json!({"message": "Unauthorized"})));
            let basic = send(bare().header("authorization", "Basic dTpw"), None).await;
            assert_eq!(basic.status, 401);
        }
    });
}

#[test]
fn a_key_that_expires_while_its_verdict_is_cached_is_refused() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let hash = ApiKey::parse(&key).unwrap().hash().to_vec();
        client
            .execute("update api_keys set expires_at = now() + interval '15 seconds' where key_hash = $1", &[&hash])
            .await
            .unwrap();
        let url = format!("{}/api/v1/reports/agents", stack.endpoints.api);
        assert_eq!(get(&url, Some(&key)).await.status, 200);
        tokio::time::sleep(std::time::Duration::from_millis(15_100)).await;
        assert_eq!(get(&url, Some(&key)).await.status, 401);
    });
}

#[test]
fn the_same_key_is_looked_up_once_a_minute() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("supervisor").await;
        let url = format!("{}/api/v1/reports/agents", stack.endpoints.api);
        assert_eq!(get(&url, Some(&key)).await.status, 200);
        client.execute("update api_keys set revoked_at = now() where tenant_id = $1", &[&centre.tenant]).await.unwrap();
        // API Gateway's cache: the documented 60 seconds.
        assert_eq!(get(&url, Some(&key)).await.status, 200);
        // Another spelling of the header is another identity source.
        let fresh = send(reqwest::Client::new().get(&url).header("authorization", format!("bearer {key}")), None).await;
        assert_eq!(fresh.status, 401);
    });
}

#[test]
fn another_tenant_is_for_platform_admins_only() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (own, other) = (Centre::new(&client).await, Centre::new(&client).await);
        own.campaign(callmetry_testing::Campaign { name: "own", ..Default::default() }).await;
        other.campaign(callmetry_testing::Campaign { name: "other", ..Default::default() }).await;
        let (admin, platform) = (own.key("admin").await, own.key("platform_admin").await);
        for path in of_any_tenant() {
            let url = |tenant: &str| format!("{}{path}?tenant_id={tenant}", stack.endpoints.api);
            assert_eq!(get(&url(&other.tenant.to_string()), Some(&admin)).await.status, 403);
            assert_eq!(get(&url(&uuid::Uuid::new_v4().to_string()), Some(&admin)).await.status, 403);
            assert_eq!(get(&url(&own.tenant.to_string()), Some(&admin)).await.status, 200);
            assert_eq!(get(&url(&uuid::Uuid::new_v4().to_string()), Some(&platform)).await.status, 404);
            assert_eq!(get(&url("acme"), Some(&platform)).await.fields(), ["tenant_id"]);
            let answer = get(&url(&other.tenant.to_string()), Some(&platform)).await;
            assert_eq!(answer.json()["tenant_id"], other.tenant.to_string());
            assert!(!answer.text.contains("\"own\""), "{}", answer.text);
        }
        let own_report =
            get(&format!("{}/api/v1/reports/campaigns", stack.endpoints.api), Some(&platform)).await.json();
        assert_eq!(own_report["rows"][0]["campaign"], "own");
        assert_eq!(own_report["rows"].as_array().unwrap().len(), 1);
    });
}
