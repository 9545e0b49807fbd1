//! Scorecards, evaluations and the scores of agents, over HTTP.

use std::collections::BTreeSet;

use callmetry_access::{Caller, Identity, Role, Supervisor, TenantScope};
use callmetry_metrics::Decimal2;
use callmetry_metrics::score::QuestionKind;
use callmetry_qa::evaluations::{self, Given, Status, Submission};
use callmetry_qa::scorecards::{self, Content, Question};
use callmetry_testing::{Centre, TestDatabase, run, shared_stack};
use futures::future::join_all;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::http::{Answer, get, request};

/// A centre whose calls are evaluated.
struct Office<'a> {
    api: String,
    centre: Centre<'a>,
    admin: String,
    supervisor: String,
    agent: Uuid,
}

impl<'a> Office<'a> {
    async fn new(client: &'a Client) -> Self {
        let centre = Centre::new(client).await;
        let (admin, supervisor) = (centre.key("admin").await, centre.key("supervisor").await);
        let agent = centre.agent("Ana", None).await;
        Self { api: shared_stack().await.endpoints.api.clone(), centre, admin, supervisor, agent }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.api)
    }

    async fn get(&self, path: &str) -> Answer {
        get(&self.url(path), Some(&self.supervisor)).await
    }

    /// Makes a scorecard and returns it.
    async fn card(&self, questions: Value) -> Value {
        let body = json!({"name": "Card", "questions": questions});
        let answer = request("POST", &self.url("qa/scorecards"), &self.admin, Some(&body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    async fn put(&self, card: &Value, body: Value) -> Answer {
        let path = format!("qa/scorecards/{}", card["id"].as_str().unwrap());
        request("PUT", &self.url(&path), &self.admin, Some(&body)).await
    }

    async fn archive(&self, card: &Value) -> Answer {
        let path = format!("qa/scorecards/{}", card["id"].as_str().unwrap());
        request("DELETE", &self.url(&path), &self.admin, None).await
    }

    async fn call(&self) -> Uuid {
        self.centre.recorded_call(self.agent).await
    }

    /// Sends an evaluation as the supervisor.
    async fn evaluate(&self, body: &Value) -> Answer {
        request("POST", &self.url("qa/evaluations"), &self.supervisor, Some(body)).await
    }

    /// Evaluates a new call.
    async fn evaluation(&self, card: &Value, answers: Value) -> Value {
        let answer = self.evaluate(&evaluation(self.call().await, card, answers)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }
}

fn evaluation(call: Uuid, card: &Value, answers: Value) -> Value {
    json!({"call_id": call, "scorecard_id": card["id"], "answers": answers})
}

/// The body with one field changed.
fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

/// The questions of the definitions' examples.
fn examples() -> Value {
    json!([
        {"id": "tone", "text": "Friendly?", "type": "scale_1_5", "weight": 10, "allow_na": true},
        {"id": "greeting", "text": "Greets?", "type": "yes_no", "weight": 20, "allow_na": true},
    ])
}

async fn client() -> Client {
    let stack = shared_stack().await;
    stack.postgres.connect(&stack.database).await.unwrap()
}

#[test]
fn a_scorecard_from_its_making_to_its_archive() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let body = json!({"name": "Ventas ñ", "pass_score": 72.5, "questions": [
            {"id": "z", "text": "Last by name, first in order", "type": "yes_no", "weight": 0.01, "critical": true},
            {"id": "a", "text": "A\nsecond \"line\"", "type": "scale_1_5", "weight": 10000.0, "allow_na": true},
        ]});
        let made = request("POST", &office.url("qa/scorecards"), &office.admin, Some(&body)).await;
        let card = made.json();
        let path = format!("/api/v1/qa/scorecards/{}", card["id"].as_str().unwrap());
        assert_eq!((made.status, made.headers["location"].to_str().unwrap()), (201, path.as_str()));
        let at = card["created_at"].clone();
        assert_eq!(
            card,
            json!({"id": card["id"], "name": "Ventas ñ", "pass_score": 72.5, "questions": [
                {"id": "z", "text": "Last by name, first in order", "type": "yes_no", "weight": 0.01, "critical": true, "allow_na": false},
                {"id": "a", "text": "A\nsecond \"line\"", "type": "scale_1_5", "weight": 10000, "critical": false, "allow_na": true},
            ], "version": 1, "archived": false, "created_at": at, "updated_at": at})
        );
        let url = format!("{}{path}", office.api);
        assert_eq!(get(&url, Some(&office.supervisor)).await.json(), card);

        let revised = office.put(&card, json!({"name": "B", "questions": examples()})).await;
        assert_eq!(revised.status, 200, "{}", revised.text);
        let revised = revised.json();
        assert_eq!((&revised["id"], &revised["version"], &revised["created_at"]), (&card["id"], &json!(2), &at));
        assert_eq!((&revised["name"], &revised["pass_score"]), (&json!("B"), &json!(80)));
        assert!(revised["updated_at"].as_str() > at.as_str());
        assert_eq!(get(&url, Some(&office.supervisor)).await.json(), revised);

        for _ in 0..2 {
            let archived = office.archive(&card).await;
            assert_eq!((archived.status, archived.text.as_str()), (204, ""));
        }
        let archived = get(&url, Some(&office.supervisor)).await.json();
        assert_eq!((&archived["archived"], &archived["version"]), (&json!(true), &json!(2)));
        assert_eq!(office.put(&card, body).await.status, 409);
        let listed =
            async |query: &str| office.get(&format!("qa/scorecards{query}")).await.json()["scorecards"].clone();
        let other = office.card(examples()).await;
        assert_eq!(listed("").await, json!([other]));
        assert_eq!(listed("?archived=false").await, json!([other]));
        assert_eq!(listed("?archived=true").await, json!([archived]));
        assert_eq!(listed("?archived=all").await, json!([other, archived]));
        let nobody = json!({"id": Uuid::new_v4()});
        assert_eq!(office.put(&nobody, json!({"name": "B", "questions": examples()})).await.status, 404);
        assert_eq!(office.archive(&nobody).await.status, 404);
        assert_eq!(office.archive(&json!({"id": "no-uuid"})).await.status, 404);
    });
}

#[test]
fn scorecards_that_are_refused() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let good = json!({"name": "n", "questions": [{"id": "q", "text": "t", "type": "yes_no", "weight": 1}]});
        let question =
            |field: &str, value: Value| with(&good, "questions", json!([with(&good["questions"][0], field, value)]));
        let many = |count: usize, text: &str| {
            let questions =
                (0..count).map(|n| json!({"id": n.to_string(), "text": text, "type": "yes_no", "weight": 1}));
            with(&good, "questions", questions.collect())
        };
        for (body, fields) in [
            (json!({}), vec!["name", "questions"]),
            (json!([]), vec!["(body)"]),
            (with(&good, "name", json!("")), vec!["name"]),
            (with(&good, "name", json!("x".repeat(201))), vec!["name"]),
            (with(&good, "name", json!("a\u{7}b")), vec!["name"]),
            (with(&good, "name", json!("a\u{0}b")), vec!["(body)"]),
            (with(&good, "pass_score", json!(100.01)), vec!["pass_score"]),
            (with(&good, "pass_score", json!(80.125)), vec!["pass_score"]),
            (with(&good, "pass_score", json!("80")), vec!["pass_score"]),
            (with(&good, "version", json!(7)), vec!["version"]),
            (with(&good, "tenant_id", json!(Uuid::new_v4())), vec!["tenant_id"]),
            (with(&good, "questions", json!([])), vec!["questions"]),
            (many(101, "t"), vec!["questions"]),
            (many(100, &"ñ".repeat(500)), vec!["questions"]),
            (question("id", json!("")), vec!["questions[0].id"]),
            (question("id", json!("x".repeat(65))), vec!["questions[0].id"]),
            (question("id", json!("ñ".repeat(33))), vec!["questions[0].id"]),
            (question("text", json!("x".repeat(1_001))), vec!["questions[0].text"]),
            (question("type", json!("scale")), vec!["questions[0].type"]),
            (question("weight", json!(0)), vec!["questions[0].weight"]),
            (question("weight", json!(-1)), vec!["questions[0].weight"]),
            (question("weight", json!(0.001)), vec!["questions[0].weight"]),
            (question("weight", json!(10_000.01)), vec!["questions[0].weight"]),
            (question("critical", json!("yes")), vec!["questions[0].critical"]),
            (question("points", json!(5)), vec!["questions[0].points"]),
            (
                with(&good, "questions", json!([good["questions"][0], 1, good["questions"][0], {"id": "q"}])),
                vec![
                    "questions[1]",
                    "questions[2].id",
                    "questions[3].id",
                    "questions[3].text",
                    "questions[3].type",
                    "questions[3].weight",
                ],
            ),
        ] {
            let answer = request("POST", &office.url("qa/scorecards"), &office.admin, Some(&body)).await;
            assert_eq!(
                (answer.status, answer.fields()),
                (400, fields.iter().map(|f| (*f).to_owned()).collect()),
                "{}",
                answer.text
            );
        }
        // What just fits.
        for body in [
            many(100, "t"),
            many(1, &"x".repeat(1_000)),
            question("weight", json!(0.01)),
            question("id", json!("ñ".repeat(32))),
        ] {
            let answer = request("POST", &office.url("qa/scorecards"), &office.admin, Some(&body)).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
    });
}

#[test]
fn the_examples_of_the_definitions() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let body = evaluation(office.call().await, &card, json!({"greeting": true, "tone": 4}));
        let made = office.evaluate(&with(&body, "comment", json!("Good.\nBrief."))).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let full = made.json();
        let path = format!("/api/v1/qa/evaluations/{}", full["id"].as_str().unwrap());
        assert_eq!(made.headers["location"].to_str().unwrap(), path);
        assert_eq!(
            full,
            json!({
                "id": full["id"], "call_id": body["call_id"], "scorecard_id": card["id"], "scorecard_version": 1,
                "agent_id": office.agent, "evaluator_id": "user-supervisor", "status": "submitted",
                "score": 93.33, "passed": true, "answers": {"tone": 4, "greeting": true},
                "points": [
                    {"question_id": "tone", "text": "Friendly?", "points": 8, "weight": 10},
                    {"question_id": "greeting", "text": "Greets?", "points": 20, "weight": 20},
                ],
                "comment": "Good.\nBrief.", "created_at": full["created_at"], "updated_at": full["created_at"],
                "submitted_at": full["created_at"],
            })
        );
        // The scorecard's order, in the answer itself and not only by name.
        assert!(made.text.contains(r#""answers":{"tone":4,"greeting":true}"#), "{}", made.text);
        let read = get(&format!("{}{path}", office.api), Some(&office.supervisor)).await;
        assert_eq!(read.text, made.text);

        let half = office.evaluation(&card, json!({"tone": 4})).await;
        assert_eq!((&half["score"], &half["passed"]), (&json!(26.67), &json!(false)));
        assert_eq!((&half["points"][1]["points"], &half["answers"]), (&json!(0), &json!({"tone": 4})));
        let nothing = office.evaluation(&card, json!({})).await;
        assert_eq!((&nothing["score"], &nothing["passed"]), (&json!(0), &json!(false)));
        let one_na = office.evaluation(&card, json!({"tone": "na", "greeting": true})).await;
        assert_eq!((&one_na["score"], &one_na["points"][0]["points"]), (&json!(100), &Value::Null));
        let all_na = office.evaluation(&card, json!({"tone": "na", "greeting": "na"})).await;
        assert_eq!((&all_na["score"], &all_na["passed"]), (&Value::Null, &Value::Null));
        assert_eq!(all_na["answers"], json!({"tone": "na", "greeting": "na"}));

        let mut questions = examples();
        questions[0]["critical"] = json!(true);
        let critical = office.card(questions).await;
        for failed in [json!({"tone": 1, "greeting": true}), json!({"greeting": true})] {
            let zero = office.evaluation(&critical, failed).await;
            assert_eq!((&zero["score"], &zero["passed"]), (&json!(0), &json!(false)));
            assert_eq!(zero["points"][1]["points"], 20, "the points stay as they are");
        }
        assert_eq!(office.evaluation(&critical, json!({"tone": 2, "greeting": true})).await["score"], 80);
    });
}

#[test]
fn no_client_can_make_a_score() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let mut questions = examples();
        questions[1]["allow_na"] = json!(false);
        let card = office.card(questions).await;
        let call = office.call().await;
        let good = evaluation(call, &card, json!({"tone": 5, "greeting": true}));
        let answers = |answers: Value| with(&good, "answers", answers);
        for (body, status, fields) in [
            (with(&good, "score", json!(100)), 400, vec!["score"]),
            (with(&good, "passed", json!(true)), 400, vec!["passed"]),
            (with(&good, "points", json!([])), 400, vec!["points"]),
            (with(&good, "agent_id", json!(office.agent)), 400, vec!["agent_id"]),
            (with(&good, "evaluator_id", json!("me")), 400, vec!["evaluator_id"]),
            (with(&good, "scorecard_version", json!(1)), 400, vec!["scorecard_version"]),
            (with(&good, "tenant_id", json!(Uuid::new_v4())), 400, vec!["tenant_id"]),
            (json!({"score": 1}), 400, vec!["call_id", "scorecard_id", "answers", "score"]),
            (with(&good, "status", json!("done")), 400, vec!["status"]),
            (with(&good, "comment", json!("x".repeat(2_001))), 400, vec!["comment"]),
            (with(&good, "call_id", json!("1")), 400, vec!["call_id"]),
            (answers(json!([])), 400, vec!["answers"]),
            (answers(json!("na")), 400, vec!["answers"]),
            (answers(json!({"tone": 4.5})), 400, vec!["answers.tone"]),
            (answers(json!({"tone": "5", "greeting": "yes"})), 400, vec!["answers.tone", "answers.greeting"]),
            (answers(json!({"tone": null})), 400, vec!["answers.tone"]),
            (answers(json!({"tone": [5]})), 400, vec!["answers.tone"]),
            (answers((0..101).map(|n| (n.to_string(), json!(5))).collect()), 400, vec!["answers"]),
            (answers(json!({"tone": 6})), 422, vec!["answers.tone"]),
            (answers(json!({"tone": 0})), 422, vec!["answers.tone"]),
            (answers(json!({"tone": -5})), 422, vec!["answers.tone"]),
            (answers(json!({"tone": 1e300})), 422, vec!["answers.tone"]),
            (answers(json!({"tone": true})), 422, vec!["answers.tone"]),
            (answers(json!({"greeting": 1})), 422, vec!["answers.greeting"]),
            (answers(json!({"greeting": "na"})), 422, vec!["answers.greeting"]),
            (answers(json!({"": 5, "bonus": 5, "tone": 9})), 422, vec!["answers.", "answers.bonus", "answers.tone"]),
        ] {
            let answer = office.evaluate(&body).await;
            assert_eq!(
                (answer.status, answer.fields()),
                (status, fields.iter().map(|f| (*f).to_owned()).collect()),
                "{}",
                answer.text
            );
            assert_eq!(answer.content_type(), "application/problem+json");
        }
        let kept = office.get(&format!("qa/evaluations?call_id={call}")).await.json();
        assert_eq!(kept, json!({"evaluations": [], "next_cursor": null}));
        assert_eq!(office.evaluate(&with(&good, "comment", json!("x".repeat(2_000)))).await.status, 201);
    });
}

#[test]
fn a_new_version_changes_nothing_that_was_begun() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let call = office.call().await;
        let body = evaluation(call, &card, json!({"tone": 4}));
        let draft = office.evaluate(&with(&body, "status", json!("draft"))).await.json();
        assert_eq!((&draft["status"], &draft["submitted_at"]), (&json!("draft"), &Value::Null));
        let other = json!([{"id": "other", "text": "?", "type": "yes_no", "weight": 1}]);
        assert_eq!(office.put(&card, json!({"name": "Card", "pass_score": 10, "questions": other})).await.status, 200);

        let id = draft["id"].as_str().unwrap();
        assert_eq!(office.get(&format!("qa/evaluations/{id}")).await.json(), draft);
        let done = office.evaluate(&with(&body, "answers", json!({"tone": 4, "greeting": true}))).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let done = done.json();
        assert_eq!((&done["id"], &done["scorecard_version"], &done["score"]), (&draft["id"], &json!(1), &json!(93.33)));
        assert_eq!(office.evaluate(&with(&body, "answers", json!({"other": true}))).await.fields(), ["answers.other"]);
        // A new one is of the new version, and so is one that goes over to another scorecard.
        let new = office.evaluation(&card, json!({"other": true})).await;
        assert_eq!((&new["scorecard_version"], &new["score"]), (&json!(2), &json!(100)));
        let second = office.card(examples()).await;
        let moved = office.evaluate(&evaluation(call, &second, json!({"tone": 5}))).await.json();
        assert_eq!(
            (&moved["id"], &moved["scorecard_id"], &moved["score"]),
            (&draft["id"], &second["id"], &json!(33.33))
        );
        let back = office.evaluate(&evaluation(call, &card, json!({"other": true}))).await.json();
        assert_eq!((&back["id"], &back["scorecard_version"], &back["score"]), (&draft["id"], &json!(2), &json!(100)));
    });
}

#[test]
fn an_archived_scorecard_takes_nothing_new() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let (card, second) = (office.card(examples()).await, office.card(examples()).await);
        let (begun, elsewhere) = (office.call().await, office.call().await);
        assert_eq!(office.evaluate(&evaluation(begun, &card, json!({}))).await.status, 201);
        assert_eq!(office.evaluate(&evaluation(elsewhere, &second, json!({}))).await.status, 201);
        office.archive(&card).await;
        let goes_on = office.evaluate(&evaluation(begun, &card, json!({"tone": 5}))).await;
        assert_eq!((goes_on.status, &goes_on.json()["score"]), (200, &json!(33.33)));
        for call in [elsewhere, office.call().await] {
            let refused = office.evaluate(&evaluation(call, &card, json!({"none": 1}))).await;
            assert_eq!((refused.status, refused.fields()), (422, vec!["scorecard_id".into(), "answers.none".into()]));
        }
    });
}

#[test]
fn a_submitted_evaluation_stays_submitted_since_then() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let call = office.call().await;
        let body = evaluation(call, &card, json!({"tone": 4}));
        let draft = with(&body, "status", json!("draft"));
        let first = office.evaluate(&with(&draft, "comment", json!("later"))).await.json();
        let again = office.evaluate(&draft).await;
        assert_eq!((again.status, &again.json()["comment"]), (200, &Value::Null));
        let submitted = office.evaluate(&body).await.json();
        assert!(submitted["submitted_at"].as_str() > first["created_at"].as_str());
        let later = office.evaluate(&with(&body, "answers", json!({"tone": 5}))).await.json();
        assert_eq!(
            (&later["id"], &later["created_at"], &later["submitted_at"]),
            (&first["id"], &first["created_at"], &submitted["submitted_at"])
        );
        assert!(later["updated_at"].as_str() > submitted["updated_at"].as_str());
        let conflict = office.evaluate(&draft).await;
        assert_eq!((conflict.status, conflict.content_type()), (409, "application/problem+json"));
        assert_eq!(conflict.json()["detail"], "The evaluation is submitted and does not go back to a draft.");
        let id = first["id"].as_str().unwrap();
        assert_eq!(office.get(&format!("qa/evaluations/{id}")).await.json(), later);
        // Another evaluator's is another evaluation.
        let other = request("POST", &office.url("qa/evaluations"), &office.admin, Some(&draft)).await;
        assert_eq!((other.status, &other.json()["evaluator_id"]), (201, &json!("user-admin")));
    });
}

#[test]
fn twenty_at_once_are_one_evaluation() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let cards = [office.card(examples()).await, office.card(examples()).await];
        // All with one scorecard, then every other one with another.
        for between in [1, 2] {
            let call = office.call().await;
            let bodies: Vec<Value> = (0..20)
                .map(|n| {
                    evaluation(call, &cards[n % between], json!({"tone": 1 + n % 5, "greeting": n % between == 0}))
                })
                .collect();
            let answers = join_all(bodies.iter().map(|body| office.evaluate(body))).await;
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            statuses.sort();
            let made = statuses.iter().filter(|status| **status == 201).count();
            assert!(made == 1 && statuses.iter().all(|status| [200, 201].contains(status)), "{statuses:?}");
            let ids: BTreeSet<String> = answers.iter().map(|answer| answer.json()["id"].to_string()).collect();
            assert_eq!(ids.len(), 1);
            let rows = client.query("select from qa_evaluations where call_id = $1", &[&call]).await.unwrap();
            assert_eq!(rows.len(), 1);
            let kept = office.get(&format!("qa/evaluations?call_id={call}")).await.json()["evaluations"][0].clone();
            assert!(answers.iter().any(|answer| answer.json() == kept), "what is kept is what somebody sent");
        }
    });
}

#[test]
fn revisions_at_once_are_versions_of_their_own() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let bodies: Vec<Value> = (0..10).map(|n| json!({"name": n.to_string(), "questions": examples()})).collect();
        let answers = join_all(bodies.iter().map(|body| office.put(&card, body.clone()))).await;
        let mut versions = Vec::new();
        for (answer, body) in answers.iter().zip(&bodies) {
            let answer = answer.json();
            assert_eq!(answer["name"], body["name"]);
            versions.push(answer["version"].as_i64().unwrap());
        }
        versions.sort();
        assert_eq!(versions, (2..=11).collect::<Vec<_>>());
        let path = format!("qa/scorecards/{}", card["id"].as_str().unwrap());
        let current = office.get(&path).await.json();
        assert!(answers.iter().any(|answer| answer.json() == current));
        assert_eq!(current["version"], 11);
    });
}

#[test]
fn calls_and_scorecards_that_are_not_there_are_told_apart_from_nothing() {
    run(async {
        let client = client().await;
        let (office, others) = (Office::new(&client).await, Office::new(&client).await);
        let (card, theirs) = (office.card(examples()).await, others.card(examples()).await);
        let without_agent = office.call().await;
        client.execute("update cdrs set agent_id = null where id = $1", &[&without_agent]).await.unwrap();
        let without_recording = office.call().await;
        client.execute("update cdrs set recording_url = null where id = $1", &[&without_recording]).await.unwrap();
        let empty_recording = office.call().await;
        client.execute("update cdrs set recording_url = '' where id = $1", &[&empty_recording]).await.unwrap();
        let mut messages = BTreeSet::new();
        for call in [Uuid::new_v4(), others.call().await, without_agent, without_recording, empty_recording] {
            let answer = office.evaluate(&evaluation(call, &card, json!({"tone": 4}))).await;
            assert_eq!((answer.status, answer.fields()), (422, vec!["call_id".to_owned()]), "{}", answer.text);
            messages.insert(answer.json()["errors"].to_string());
        }
        assert_eq!(messages.len(), 1, "{messages:?}");
        let call = office.call().await;
        let mut messages = BTreeSet::new();
        for card in [json!({"id": Uuid::new_v4()}), theirs.clone()] {
            let answer = office.evaluate(&evaluation(call, &card, json!({"tone": 4}))).await;
            assert_eq!((answer.status, answer.fields()), (422, vec!["scorecard_id".to_owned()]), "{}", answer.text);
            messages.insert(answer.json()["errors"].to_string());
        }
        assert_eq!(messages.len(), 1, "{messages:?}");
        let both = office.evaluate(&evaluation(Uuid::new_v4(), &theirs, json!({}))).await;
        assert_eq!(both.fields(), ["call_id", "scorecard_id"]);
    });
}

#[test]
fn nothing_of_another_tenant_is_seen_or_changed() {
    run(async {
        let client = client().await;
        let (office, others) = (Office::new(&client).await, Office::new(&client).await);
        let card = others.card(examples()).await;
        let evaluation = others.evaluation(&card, json!({"tone": 4})).await;
        let path = |kind: &str, row: &Value| format!("qa/{kind}/{}", row["id"].as_str().unwrap());
        let (card_path, evaluation_path) = (path("scorecards", &card), path("evaluations", &evaluation));
        for path in [&card_path, &evaluation_path] {
            let missing = path.rsplit_once('/').unwrap().0.to_owned() + "/" + &Uuid::new_v4().to_string();
            let detail = async |path: &str| {
                let answer = office.get(path).await;
                (answer.status, answer.json()["detail"].clone())
            };
            assert_eq!(detail(path).await.0, 404);
            assert_eq!(detail(path).await, detail(&missing).await);
        }
        assert_eq!(office.put(&card, json!({"name": "mine", "questions": examples()})).await.status, 404);
        assert_eq!(office.archive(&card).await.status, 404);
        assert_eq!(others.get(&card_path).await.json(), card);
        assert_eq!(office.get("qa/scorecards?archived=all").await.json()["scorecards"], json!([]));
        for filter in [
            String::new(),
            format!("?call_id={}", evaluation["call_id"].as_str().unwrap()),
            format!("?agent_id={}", others.agent),
        ] {
            let listed = office.get(&format!("qa/evaluations{filter}")).await.json();
            assert_eq!(listed, json!({"evaluations": [], "next_cursor": null}), "{filter}");
        }
        assert_eq!(office.get("qa/agent-scores").await.json()["rows"], json!([]));
        assert_eq!(others.get(&evaluation_path).await.json(), evaluation);
        // A platform admin has no other tenant here either.
        let platform = office.centre.key("platform_admin").await;
        for path in ["qa/scorecards", "qa/evaluations", "qa/agent-scores", &card_path, &evaluation_path] {
            for tenant in [others.centre.tenant, office.centre.tenant] {
                let answer = get(&office.url(&format!("{path}?tenant_id={tenant}")), Some(&platform)).await;
                assert_eq!((answer.status, answer.fields()), (400, vec!["tenant_id".to_owned()]), "{path}");
            }
        }
    });
}

#[test]
fn reports_count_what_is_submitted_and_agent_scores_drafts_too() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let bo = office.centre.agent("Bo, \"B\"", None).await;
        office.centre.agent("Nobody's judged", None).await;
        office.evaluation(&card, json!({"tone": 4, "greeting": true})).await;
        office.evaluation(&card, json!({"tone": "na", "greeting": "na"})).await;
        let draft = evaluation(office.call().await, &card, json!({"tone": 4}));
        office.evaluate(&with(&draft, "status", json!("draft"))).await;
        let unscored =
            evaluation(office.centre.recorded_call(bo).await, &card, json!({"tone": "na", "greeting": "na"}));
        assert_eq!(office.evaluate(&unscored).await.status, 201);

        let report = office.get("reports/agents").await.json();
        let seen: Vec<_> = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (&row["qa_evaluations"], &row["qa_avg_score"]))
            .collect();
        assert_eq!(seen, [(&json!(2), &json!(93.33)), (&json!(1), &Value::Null), (&json!(0), &Value::Null)]);
        let scores = office.get("qa/agent-scores").await.json();
        assert_eq!(
            scores,
            json!({
                "report": "agent-scores", "tenant_id": office.centre.tenant, "from": scores["from"], "to": scores["to"],
                "generated_at": scores["generated_at"],
                "rows": [
                    {"agent_id": office.agent, "agent": "Ana", "evaluations": 3, "submitted": 2, "drafts": 1,
                     "avg_score": 60, "min_score": 26.67, "max_score": 93.33, "pass_rate": 50},
                    {"agent_id": bo, "agent": "Bo, \"B\"", "evaluations": 1, "submitted": 1, "drafts": 0,
                     "avg_score": null, "min_score": null, "max_score": null, "pass_rate": 0},
                ],
            })
        );
        let csv = office.get("qa/agent-scores?format=csv").await;
        assert_eq!(csv.content_type(), "text/csv; charset=utf-8");
        assert!(csv.headers["content-disposition"].to_str().unwrap().contains("filename=\"agent-scores_"));
        assert_eq!(
            csv.text,
            format!(
                "agent_id,agent,evaluations,submitted,drafts,avg_score,min_score,max_score,pass_rate\r\n\
                 {},Ana,3,2,1,60,26.67,93.33,50\r\n{bo},\"Bo, \"\"B\"\"\",1,1,0,,,,0\r\n",
                office.agent
            )
        );
        // By when they were begun, half-open.
        let begun = "2026-05-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        client
            .execute(
                "update qa_evaluations set created_at = $1 where tenant_id = $2 and agent_id = $3",
                &[&begun, &office.centre.tenant, &bo],
            )
            .await
            .unwrap();
        for (window, rows) in [
            ("from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z", 1),
            ("from=2026-04-30T00:00:00Z&to=2026-05-01T00:00:00Z", 0),
        ] {
            let found = office.get(&format!("qa/agent-scores?{window}")).await.json()["rows"].as_array().unwrap().len();
            let listed =
                office.get(&format!("qa/evaluations?{window}")).await.json()["evaluations"].as_array().unwrap().len();
            assert_eq!((found, listed), (rows, rows), "{window}");
        }
    });
}

#[test]
fn pages_are_stable_while_rows_are_added() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let card = office.card(examples()).await;
        let mut made = Vec::new();
        for n in 0..7 {
            made.push(office.evaluation(&card, json!({"tone": 1 + n % 5})).await);
        }
        // Some of the same instant: their ids decide.
        client
            .execute(
                "update qa_evaluations set created_at = '2026-05-01T00:00:00.000001Z' where tenant_id = $1 and (answers ->> 'tone')::int <= 2",
                &[&office.centre.tenant],
            )
            .await
            .unwrap();
        let all = office.get("qa/evaluations").await.json();
        assert_eq!(all["next_cursor"], Value::Null);
        let expected = all["evaluations"].as_array().unwrap().clone();
        assert_eq!(expected.len(), 7);
        let key = |row: &Value| (row["created_at"].to_string(), row["id"].to_string());
        assert!(expected.is_sorted_by(|a, b| key(a) > key(b)));
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.get(&format!("qa/evaluations?limit=2{cursor}")).await.json();
            found.extend(page["evaluations"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            office.evaluation(&card, json!({"tone": 5})).await;
        }
        assert_eq!(found, expected);
        let of = async |query: &str| {
            office.get(&format!("qa/evaluations?{query}")).await.json()["evaluations"].as_array().unwrap().len()
        };
        assert_eq!(of(&format!("agent_id={}&status=submitted", office.agent)).await, 10);
        assert_eq!((of("status=draft").await, of(&format!("agent_id={}", Uuid::new_v4())).await), (0, 0));
        assert_eq!(of(&format!("call_id={}", made[3]["call_id"].as_str().unwrap())).await, 1);
        assert_eq!(of("to=2026-05-01T00:00:00.000001Z").await, 0);
        assert_eq!(of("to=2026-05-01T00:00:00.000002Z").await, 4);

        let newest = office.card(examples()).await;
        let first = office.get("qa/scorecards?limit=1").await.json();
        assert_eq!(first["scorecards"], json!([newest]));
        office.card(examples()).await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = office.get(&format!("qa/scorecards?limit=1&cursor={cursor}")).await.json();
        assert_eq!(second, json!({"scorecards": [card], "next_cursor": null}));
    });
}

#[test]
fn lists_refuse_every_bad_query() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        // A cursor of the year 20,238.
        let far = "B_________8AAAAAAAAAAAAAAAAAAAAA";
        for (query, fields) in [
            ("limit=0&cursor=x", vec!["limit", "cursor"]),
            (&format!("cursor={far}"), vec!["cursor"]),
            ("offset=5", vec!["offset"]),
        ] {
            for list in ["qa/scorecards", "qa/evaluations"] {
                let answer = office.get(&format!("{list}?{query}")).await;
                assert_eq!(
                    (answer.status, answer.fields()),
                    (400, fields.iter().map(|f| (*f).to_owned()).collect()),
                    "{list}?{query}"
                );
            }
        }
        for (path, fields) in [
            ("qa/scorecards?archived=1", vec!["archived"]),
            (
                "qa/evaluations?from=0000-01-01T00:00:00Z&to=tomorrow&agent_id=1&call_id=2&status=done",
                vec!["from", "to", "agent_id", "call_id", "status"],
            ),
            ("qa/evaluations?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", vec!["from"]),
            ("qa/agent-scores?from=yesterday&section=agent_scores&agent_id=1", vec!["from", "section", "agent_id"]),
        ] {
            let answer = office.get(path).await;
            assert_eq!(
                (answer.status, answer.fields()),
                (400, fields.iter().map(|f| (*f).to_owned()).collect()),
                "{path}"
            );
        }
        let card = office.card(examples()).await;
        let path = office.url(&format!("qa/scorecards/{}?force=true", card["id"].as_str().unwrap()));
        for method in ["PUT", "DELETE"] {
            assert_eq!(request(method, &path, &office.admin, Some(&card)).await.fields(), ["force"]);
        }
    });
}

/// The most that a scorecard may have: the row of an evaluation has to fit into the Data API's 64 KB, and a page of them is
/// more than its 1 MiB.
#[test]
fn large_scorecards_are_listed_and_evaluated() {
    run(async {
        let client = client().await;
        let office = Office::new(&client).await;
        let large = |text: String| -> Value {
            let questions: Value = (0..100)
                .map(|n| json!({"id": format!("{n:0>64}"), "text": text, "type": "scale_1_5", "weight": 9999.99, "critical": false, "allow_na": false}))
                .collect();
            let size = json!(questions.to_string()).to_string().len();
            assert!((32_000..=32_768).contains(&size), "{size}");
            questions
        };
        // What is escaped, and escaped again on its way.
        let card = office.card(large("\"".repeat(38))).await;
        let answers: Value = (0..100).map(|n| (format!("{n:0>64}"), json!(5))).collect();
        let body = evaluation(office.call().await, &card, answers);
        let escaped = office.evaluate(&with(&body, "comment", json!("\\".repeat(2_000)))).await;
        assert_eq!(escaped.status, 201, "{}", escaped.text);
        client.execute("delete from qa_evaluations where tenant_id = $1", &[&office.centre.tenant]).await.unwrap();
        let questions = large("é".repeat(76));
        let card = office.card(questions.clone()).await;
        let answers: Value = (0..100).map(|n| (format!("{n:0>64}"), json!(5))).collect();
        let body = evaluation(office.call().await, &card, answers);
        let first = office.evaluate(&with(&body, "comment", json!("é".repeat(2_000)))).await;
        assert_eq!((first.status, &first.json()["score"]), (201, &json!(100)), "{}", first.text);
        client
            .execute(
                "with calls as (insert into cdrs (tenant_id, agent_id, direction, from_number, to_number, started_at, ended_at, hangup_cause)
                    select $1, $2, 'inbound', '', '', now(), now(), '' from generate_series(1, 59) returning id)
                 insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers, score, passed, points, comment, submitted_at)
                 select tenant_id, calls.id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers, score, passed, points, comment, submitted_at
                 from qa_evaluations, calls where tenant_id = $1",
                &[&office.centre.tenant, &office.agent],
            )
            .await
            .unwrap();
        let listed = office.get("qa/evaluations?limit=60").await;
        assert_eq!(listed.status, 200, "{}", &listed.text[..200.min(listed.text.len())]);
        let ids: BTreeSet<String> =
            listed.json()["evaluations"].as_array().unwrap().iter().map(|row| row["id"].to_string()).collect();
        assert_eq!((ids.len(), &listed.json()["next_cursor"]), (60, &Value::Null));
        for _ in 0..35 {
            office.card(questions.clone()).await;
        }
        let cards = office.get("qa/scorecards?limit=100").await.json();
        assert_eq!(cards["scorecards"].as_array().unwrap().len(), 37);
    });
}

fn scope(tenant: Uuid) -> TenantScope {
    let identity = Identity { tenant_id: tenant, user_id: "test".into(), role: Role::Supervisor, exp: 0 };
    Caller::<Supervisor>::admit(identity).unwrap().own_tenant()
}

fn content(name: &str) -> Content {
    let question = Question {
        id: "q".into(),
        text: "?".into(),
        kind: QuestionKind::Scale1To5,
        weight: Decimal2::from_units(100),
        critical: false,
        allow_na: false,
    };
    Content { name: name.into(), pass_score: Decimal2::from_units(8_000), questions: vec![question] }
}

/// After an answer that was lost, the same write is sent again.
#[test]
fn a_write_that_is_repeated_gives_the_same_answer() {
    run(async {
        let database = TestDatabase::new().await;
        let centre = Centre::new(&database.client).await;
        let (db, tenant) = (&database.database, scope(centre.tenant));
        let (id, token) = (Uuid::new_v4(), Uuid::new_v4());
        let made = scorecards::create(db, tenant, id, content("a")).await.unwrap();
        assert_eq!(scorecards::create(db, tenant, id, content("a")).await.unwrap(), made);
        let revised = scorecards::revise(db, tenant, id, token, content("b")).await.unwrap();
        scorecards::revise(db, tenant, id, Uuid::new_v4(), content("c")).await.unwrap();
        assert_eq!(scorecards::revise(db, tenant, id, token, content("b")).await.unwrap(), revised);
        scorecards::archive(db, tenant, id).await.unwrap();
        assert_eq!(scorecards::revise(db, tenant, id, token, content("b")).await.unwrap(), revised);
        assert_eq!(scorecards::create(db, tenant, id, content("a")).await.unwrap(), made);
        let current = scorecards::find(db, tenant, id).await.unwrap().unwrap();
        assert_eq!((current.version, current.name.as_str(), current.archived), (3, "c", true));
        // At once: the second finds the first still going on.
        let (id, token) = (Uuid::new_v4(), Uuid::new_v4());
        scorecards::create(db, tenant, id, content("a")).await.unwrap();
        let both = join_all((0..8).map(|_| scorecards::revise(db, tenant, id, token, content("b")))).await;
        assert!(both.into_iter().all(|revised| revised.unwrap().version == 2));

        let agent = centre.agent("Ana", None).await;
        let submission = Submission {
            call_id: centre.recorded_call(agent).await,
            scorecard_id: id,
            answers: vec![("q".into(), Given::Whole(4))],
            status: Status::Submitted,
            comment: None,
        };
        let evaluation = Uuid::new_v4();
        for _ in 0..2 {
            let saved = evaluations::save(db, tenant, evaluation, "me", &submission).await.unwrap();
            assert_eq!(saved.id, evaluation, "created, both times");
        }
        let rows = database.client.query_one("select count(*) from qa_evaluations", &[]).await.unwrap();
        assert_eq!(rows.get::<_, i64>(0), 1);
    });
}

#[test]
fn the_application_role_cannot_change_a_version_or_whose_an_evaluation_is() {
    run(async {
        let database = TestDatabase::new().await;
        let centre = Centre::new(&database.client).await;
        let card = Uuid::new_v4();
        scorecards::create(&database.database, scope(centre.tenant), card, content("a")).await.unwrap();
        database.client.batch_execute("set role callmetry_app").await.unwrap();
        for refused in [
            "update qa_scorecard_versions set pass_score = 0",
            "update qa_scorecard_versions set questions = '[]'",
            "delete from qa_scorecard_versions",
            "delete from qa_scorecards",
            "delete from qa_evaluations",
            "truncate qa_evaluations",
            "update qa_evaluations set evaluator_id = 'me'",
            "update qa_evaluations set tenant_id = tenant_id",
            "update qa_evaluations set created_at = now()",
            "update cdrs set recording_url = 'https://elsewhere.example'",
        ] {
            let error = database.client.batch_execute(refused).await.unwrap_err();
            assert_eq!(error.code().map(tokio_postgres::error::SqlState::code), Some("42501"), "{refused}");
        }
        database.client.batch_execute("update qa_evaluations set score = 1, passed = true").await.unwrap();
    });
}
