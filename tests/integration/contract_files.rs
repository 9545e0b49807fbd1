//! `openapi.yaml`, `template.yaml`, `functions/` and `events/` say the same.

use std::collections::BTreeSet;

use callmetry_local::binaries::workspace;
use callmetry_local::template::Template;
use callmetry_testing::{Centre, private_stack, run, shared_stack};
use serde_json::json;
use yaml_serde::Value;

use crate::http::{REPORTS, get, request};

fn yaml(file: &str) -> Value {
    yaml_serde::from_str(&std::fs::read_to_string(workspace().join(file)).unwrap()).unwrap()
}

fn template() -> Template {
    Template::read(&workspace().join("template.yaml"), &[]).unwrap()
}

#[test]
fn claim_is_told_where_the_api_is_and_who_sends() {
    let claim = |template: &Template, name: &str| {
        let functions = template.functions().unwrap();
        functions.into_iter().find(|function| function.name == "claim").unwrap().environment.remove(name).unwrap()
    };
    let with = |parameters: &[(&str, &str)]| {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Template::read(&workspace().join("template.yaml"), &parameters)
    };
    let template = with(&[]).unwrap();
    assert_eq!(claim(&template, "MAIL_FROM"), "Callmetry <reports@example.com>");
    assert_eq!(claim(&template, "PUBLIC_URL"), "https://callmetry-local-api.execute-api.eu-west-1.amazonaws.com");
    assert_eq!(claim(&template, "TICK_GATE"), "on");
    let template = with(&[("PublicUrl", "https://reports.example.com/calls")]).unwrap();
    assert_eq!(claim(&template, "PUBLIC_URL"), "https://reports.example.com/calls");
    for (name, value) in [
        ("PublicUrl", "https://reports.example.com/"),
        ("PublicUrl", "http://reports.example.com"),
        ("MailSender", "Callmetry <reports@example.com>"),
        ("MailSenderName", "Callmetry, Inc."),
        ("MailIdentity", "*"),
        ("TickGate", "true"),
    ] {
        assert!(with(&[(name, value)]).is_err(), "{name}={value}");
    }
    run(async {
        let stack = shared_stack().await;
        assert_eq!(claim(&stack.template, "PUBLIC_URL"), stack.endpoints.api);
    });
}

#[test]
fn answers_have_the_fields_that_are_described() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let campaign = centre.campaign(callmetry_testing::Campaign::default()).await;
        let lead = centre.lead(None).await;
        let agent = centre.agent("Ana", None).await;
        let now = chrono::Utc::now() - chrono::TimeDelta::hours(1);
        centre
            .attempt(campaign, lead, now, callmetry_testing::Attempt { disposition: Some("X"), ..Default::default() })
            .await;
        centre.call(now, callmetry_testing::Call { agent: Some(agent), hangup_cause: "X", ..Default::default() }).await;
        centre.dnc("+1", "national", now).await;
        let key = centre.key("supervisor").await;
        let openapi = yaml("openapi.yaml");
        for report in REPORTS {
            let path = format!("/api/v1/reports/{report}");
            let answer = get(&format!("{}{path}", stack.endpoints.api), Some(&key)).await.json();
            let response = resolve(&openapi, &openapi["paths"][path.as_str()]["get"]["responses"]["200"]);
            let schema = &response["content"]["application/json"]["schema"];
            assert_fits(&openapi, schema, &answer, report);
        }
        // Its tenants are there for platform admins only.
        for role in ["supervisor", "platform_admin"] {
            let url = format!("{}/api/v1/caller", stack.endpoints.api);
            let answer = get(&url, Some(&centre.key(role).await)).await.json();
            assert_described("/api/v1/caller", "200", &answer);
            assert_eq!((&answer["user_id"], &answer["role"]), (&format!("user-{role}").into(), &role.into()));
            assert_eq!(answer["tenant"]["id"], centre.tenant.to_string());
            match answer["tenants"].as_array() {
                Some(all) => assert!(role == "platform_admin" && all.contains(&answer["tenant"])),
                None => assert!(role == "supervisor" && answer["tenants"].is_null()),
            }
        }
    });
}

#[test]
fn answers_on_quality_have_the_fields_that_are_described() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let key = centre.key("admin").await;
        let openapi = yaml("openapi.yaml");
        let send = async |method: &str, path: &str, id: &str, status: u16, body: Option<serde_json::Value>| {
            let url = format!("{}{}", stack.endpoints.api, path.replace("{id}", id));
            let answer = request(method, &url, &key, body.as_ref()).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
            let operation = &openapi["paths"][path][method.to_lowercase().as_str()];
            let response = resolve(&openapi, &operation["responses"][status.to_string().as_str()]);
            let content = response["content"].as_mapping().unwrap();
            let schema = &content[answer.content_type()]["schema"];
            assert_fits(&openapi, schema, &answer.json(), &format!("{method} {path} {status}"));
            // What a body is described by takes the bodies of the test.
            if let Some(body) = body.filter(|_| status < 300) {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                assert_takes(&openapi, schema, &body, &format!("body of {method} {path}"));
            }
            answer.json()
        };
        let (cards, card) = ("/api/v1/qa/scorecards", "/api/v1/qa/scorecards/{id}");
        let (evaluations, evaluation) = ("/api/v1/qa/evaluations", "/api/v1/qa/evaluations/{id}");
        let body = json!({"name": "Card", "pass_score": 75, "questions": [
            {"id": "q", "text": "?", "type": "yes_no", "weight": 1, "critical": true, "allow_na": true},
        ]});
        let made = send("POST", cards, "", 201, Some(body.clone())).await;
        let id = made["id"].as_str().unwrap();
        send("POST", cards, "", 400, Some(json!({"nam": 1}))).await;
        send("GET", cards, "", 200, None).await;
        send("GET", card, id, 200, None).await;
        send("GET", card, "none", 404, None).await;
        send("PUT", card, id, 200, Some(body.clone())).await;
        let agent = centre.agent("Ana", None).await;
        let answers = json!({"call_id": centre.recorded_call(agent).await, "scorecard_id": id, "answers": {"q": true},
            "status": "submitted", "comment": "Good"});
        let saved = send("POST", evaluations, "", 201, Some(answers.clone())).await;
        send("POST", evaluations, "", 200, Some(answers.clone())).await;
        let with = |field: &str, value: serde_json::Value| {
            let mut body = answers.clone();
            body[field] = value;
            Some(body)
        };
        send("POST", evaluations, "", 400, with("score", json!(100))).await;
        send("POST", evaluations, "", 409, with("status", json!("draft"))).await;
        send("POST", evaluations, "", 422, with("answers", json!({"q": 5}))).await;
        send("GET", evaluations, "", 200, None).await;
        send("GET", evaluation, saved["id"].as_str().unwrap(), 200, None).await;
        send("GET", "/api/v1/qa/agent-scores", "", 200, None).await;
        let url = format!("{}{cards}/{id}", stack.endpoints.api);
        assert_eq!(request("DELETE", &url, &key, None).await.status, 204);
        send("PUT", card, id, 409, Some(body)).await;
    });
}

#[test]
fn answers_on_schedules_are_as_described() {
    run(async {
        // Its own, since its bucket is taken away.
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let (admin, supervisor) = (centre.key("admin").await, centre.key("supervisor").await);
        let openapi = yaml("openapi.yaml");
        let send_as =
            async |key: &str, method: &str, route: &str, rest: &str, status: u16, body: Option<&serde_json::Value>| {
                let url = format!("{}{}", stack.endpoints.api, rest);
                let answer = request(method, &url, key, body).await;
                assert_eq!(answer.status, status, "{method} {rest}: {}", answer.text);
                let operation = &openapi["paths"][route][method.to_lowercase().as_str()];
                let response = resolve(&openapi, &operation["responses"][status.to_string().as_str()]);
                let place = format!("{method} {route} {status}");
                assert!(response.is_mapping(), "{place} is not described");
                for (header, _) in response["headers"].as_mapping().into_iter().flatten() {
                    assert!(answer.headers.contains_key(header.as_str().unwrap()), "{place}: {header:?}");
                }
                let Some(content) = response["content"].as_mapping() else {
                    assert!(answer.text.is_empty(), "{place}");
                    return serde_json::Value::Null;
                };
                let kind = answer.content_type().split(';').next().unwrap();
                let schema = &content[kind]["schema"];
                if kind == "text/html" {
                    assert_eq!(schema["type"].as_str(), Some("string"), "{place}");
                    return serde_json::Value::Null;
                }
                assert_is_of(&openapi, schema, &answer.json(), &place);
                if let Some(body) = body.filter(|_| status < 300) {
                    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                    assert_is_of(&openapi, schema, body, &format!("body of {method} {route}"));
                }
                answer.json()
            };
        let [list, one, now, log] =
            ["", "/{id}", "/{id}/send", "/{id}/deliveries"].map(|rest| format!("/api/v1/report-schedules{rest}"));
        let send = async |method: &str, route: &str, id: &str, status: u16, body: Option<&serde_json::Value>| {
            send_as(&admin, method, route, &route.replace("{id}", id), status, body).await
        };
        let weekly = json!({"report": "campaigns", "cadence": "weekly", "day_of_week": 1, "time": "08:00",
            "timezone": "Europe/Madrid", "recipients": ["ana@a.example"]});
        let monthly = json!({"report": "agents", "cadence": "monthly", "day_of_month": 28, "hour_utc": 23,
            "recipients": ["ana@a.example"], "enabled": true});
        let made = send("POST", &list, "", 201, Some(&weekly)).await;
        let id = made["id"].as_str().unwrap();
        let missing = "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c";
        send("PUT", &one, id, 200, Some(&monthly)).await;
        send("POST", &now, id, 202, None).await;
        send("GET", &log, id, 200, None).await;
        crate::mails::claim(&stack).await;
        // With what a run left behind.
        send("GET", &one, id, 200, None).await;
        send("GET", &list, "", 200, None).await;
        send("GET", &log, id, 200, None).await;
        let routes = [
            ("POST", &list, Some(&weekly)),
            ("GET", &list, None),
            ("GET", &one, None),
            ("PUT", &one, Some(&weekly)),
            ("POST", &now, None),
            ("GET", &log, None),
            ("DELETE", &one, None),
        ];
        for (method, route, body) in routes {
            send_as(&admin, method, route, &format!("{}?x=1", route.replace("{id}", id)), 400, body).await;
            send_as("cm_mistyped", method, route, &route.replace("{id}", id), 401, body).await;
            send_as(&supervisor, method, route, &route.replace("{id}", id), 403, body).await;
            if route.contains("{id}") {
                send(method, route, missing, 404, body).await;
            }
        }
        let mail = &crate::mails::messages(&stack.endpoints.mail_dir)[0];
        let link = crate::mails::unsubscribe_link(mail);
        let link = link.strip_prefix(&stack.endpoints.api).unwrap();
        for method in ["GET", "POST"] {
            send_as("", method, "/unsubscribe", link, 200, None).await;
            send_as("", method, "/unsubscribe", "/unsubscribe?token=x", 403, None).await;
        }
        // Everybody has left.
        send("POST", &now, id, 409, None).await;
        let folder = &stack.endpoints.bucket_dir;
        std::fs::remove_dir_all(folder).unwrap();
        std::fs::write(folder, "").unwrap();
        send("POST", &list, "", 503, Some(&weekly)).await;
        send("DELETE", &one, id, 204, None).await;
    });
}

/// Of the type that is described, one of the words, and an object with every required field and none that is not described.
fn assert_is_of(document: &Value, schema: &Value, value: &serde_json::Value, place: &str) {
    // What stands beside a reference only describes it.
    let schema = alternative(document, resolve(document, schema), value);
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{place}: {other}"),
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        kinds => kinds
            .as_sequence()
            .unwrap_or_else(|| panic!("{place}: {schema:?}"))
            .iter()
            .filter_map(Value::as_str)
            .collect(),
    };
    assert!(kinds.iter().any(|kind| is(kind)), "{place}: {value} is none of {kinds:?}");
    if let Some(words) = schema["enum"].as_sequence() {
        assert!(words.iter().any(|word| word.as_str() == value.as_str()), "{place}: {value}");
    }
    if let Some(number) = value.as_i64() {
        let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        assert!(
            least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most),
            "{place}: {value}"
        );
    }
    for required in schema["required"].as_sequence().into_iter().flatten() {
        assert!(value.get(required.as_str().unwrap()).is_some(), "{place}: {required:?}");
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        assert_is_of(document, &schema["properties"][name.as_str()], value, &format!("{place}.{name}"));
    }
    for element in value.as_array().into_iter().flatten() {
        assert_is_of(document, &schema["items"], element, &format!("{place}[]"));
    }
}

/// An answer has every field that is required, and none that is not described.
/// `path` may have a method in front: `post /api/v1/reports`.
pub fn assert_described(path: &str, status: &str, answer: &serde_json::Value) {
    let openapi = yaml("openapi.yaml");
    let (method, path) = path.split_once(' ').unwrap_or(("get", path));
    let response = resolve(&openapi, &openapi["paths"][path][method]["responses"][status]);
    let schema = &response["content"]["application/json"]["schema"];
    assert!(resolve(&openapi, schema)["required"].is_sequence(), "{path} {status} is not described");
    assert_takes(&openapi, schema, answer, &format!("{path} {status}"));
}

/// Of several schemas the one whose required fields an object has; they differ in these.
fn alternative<'a>(document: &'a Value, schema: &'a Value, value: &serde_json::Value) -> &'a Value {
    let has = |schema: &&Value| {
        let mut required = schema["required"].as_sequence().into_iter().flatten();
        required.all(|name| value.get(name.as_str().unwrap()).is_some())
    };
    let mut found =
        schema["oneOf"].as_sequence().into_iter().flatten().map(|schema| resolve(document, schema)).filter(has);
    if value.is_object() { found.next().unwrap_or(schema) } else { schema }
}

/// Every field of a body is described, and every field that has to be there is in it.
fn assert_takes(document: &Value, schema: &Value, value: &serde_json::Value, place: &str) {
    let schema = alternative(document, resolve(document, schema), value);
    for required in schema["required"].as_sequence().into_iter().flatten() {
        assert!(value.get(required.as_str().unwrap()).is_some(), "{place}: {required:?}");
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let field = &schema["properties"][name.as_str()];
        let described = if field.is_null() { &schema["additionalProperties"] } else { field };
        assert!(described.is_mapping(), "{place}: {name} is not described");
        assert_takes(document, described, value, &format!("{place}.{name}"));
    }
    for element in value.as_array().into_iter().flatten() {
        assert_takes(document, &schema["items"], element, &format!("{place}[]"));
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        None => value,
        Some(path) => resolve(document, path.trim_start_matches("#/").split('/').fold(document, |at, name| &at[name])),
    }
}

/// Objects have exactly the described fields, and arrays elements that do.
fn assert_fits(document: &Value, schema: &Value, value: &serde_json::Value, place: &str) {
    let schema = resolve(document, schema);
    // Names of the client's own choosing.
    if schema["additionalProperties"].is_mapping() {
        assert!(value.is_object(), "{place}");
        return;
    }
    if let Some(object) = value.as_object() {
        // Problems are with or without them.
        let optional = |name: &str| name == "errors" && !object.contains_key(name);
        let described: BTreeSet<&str> = schema["properties"]
            .as_mapping()
            .unwrap_or_else(|| panic!("{place}: {schema:?}"))
            .keys()
            .map(|name| name.as_str().unwrap())
            .filter(|name| !optional(name))
            .collect();
        let found: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(found, described, "{place}");
        for (name, value) in object {
            assert_fits(document, &schema["properties"][name.as_str()], value, &format!("{place}.{name}"));
        }
    }
    for element in value.as_array().into_iter().flatten() {
        assert_fits(document, &schema["items"], element, &format!("{place}[]"));
    }
    if value.as_array().is_some_and(Vec::is_empty) {
        panic!("{place} is empty, so nothing of it is compared");
    }
}

#[test]
fn every_function_without_a_route_has_an_event_to_invoke_it_with() {
    let functions = template().functions().unwrap();
    let mut without: BTreeSet<&str> =
        functions.iter().filter(|function| function.routes.is_empty()).map(|function| function.name.as_str()).collect();
    // An event is named after its function, or after that and what it is for.
    for entry in std::fs::read_dir(workspace().join("events")).unwrap() {
        let file = entry.unwrap().path();
        serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let event = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let function = functions
            .iter()
            .find(|function| {
                event.strip_prefix(&function.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
            .unwrap_or_else(|| panic!("{event}: there is no such function"));
        without.remove(function.name.as_str());
    }
    assert!(without.is_empty(), "no event: {without:?}");
}
