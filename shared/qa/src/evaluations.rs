//! Evaluations: one per call and evaluator, scored here.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Params, Sql, instant, json, sql};
use callmetry_metrics::score::{self, Answer, QuestionKind, Score, score};
use callmetry_metrics::{Decimal2, Mean, time};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::scorecards::Question;
use crate::{Place, met_another, of, page_after};

pub(crate) const FIND_EVALUATION_BASIS: Sql = sql!("sql/find_evaluation_basis.sql");
pub(crate) const SAVE_EVALUATION: Sql = sql!("sql/save_evaluation.sql");
pub(crate) const FIND_EVALUATION: Sql = sql!("sql/find_evaluation.sql");
pub(crate) const LIST_EVALUATIONS: Sql = sql!("sql/list_evaluations.sql");

/// How often an evaluation is scored again because the same evaluator changed it meanwhile.
const ATTEMPTS: u32 = 10;

/// The same for a call that does not exist, is another tenant's, or lacks a recording or an agent: nothing is told apart.
const NO_CALL: &str = "must be a call of your tenant that has a recording and an agent";
const NO_SCORECARD: &str = "must be a scorecard of your tenant";
const ARCHIVED: &str = "is archived: it is only for evaluations that are scored with it already";

/// How far an evaluation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Still worked on.
    Draft,
    /// Done; it does not go back.
    Submitted,
}

impl Status {
    /// Its name in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
        }
    }
}

/// What a client answered, before it is known whether that fits the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A whole number.
    Whole(i64),
    /// `true` or `false`.
    YesNo(bool),
    /// `"na"`.
    NotApplicable,
}

impl Given {
    /// From JSON; none for what no question takes.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(yes) => Some(Self::YesNo(*yes)),
            Value::String(text) => (text == "na").then_some(Self::NotApplicable),
            // 4.0 is 4, as JSON has it.
            Value::Number(number) => {
                number.as_f64().filter(|number| number.fract() == 0.0).map(|n| Self::Whole(n as i64))
            }
            _ => None,
        }
    }

    fn to(self, question: &Question) -> Result<Answer, &'static str> {
        match (question.kind, self) {
            (_, Self::NotApplicable) if question.allow_na => Ok(Answer::NotApplicable),
            (_, Self::NotApplicable) => Err("must not be \"na\": the question does not allow it"),
            (QuestionKind::Scale1To5, Self::Whole(n @ 1..=5)) => Ok(Answer::Scale(n as u8)),
            (QuestionKind::Scale1To5, _) => Err("must be a whole number from 1 to 5"),
            (QuestionKind::YesNo, Self::YesNo(yes)) => Ok(Answer::YesNo(yes)),
            (QuestionKind::YesNo, _) => Err("must be true or false"),
        }
    }
}

/// What an evaluator says of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The call.
    pub call_id: Uuid,
    /// The scorecard.
    pub scorecard_id: Uuid,
    /// Answers by the ids of their questions, each once.
    pub answers: Vec<(String, Given)>,
    /// How far it is.
    pub status: Status,
    /// A word on it.
    pub comment: Option<String>,
}

/// What a question brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The question.
    pub question_id: String,
    /// What was asked.
    pub text: String,
    /// 0 to `weight`; none for "na".
    pub points: Option<Decimal2>,
    /// What it counts.
    pub weight: Decimal2,
}

/// An evaluation as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its id.
    pub id: Uuid,
    /// The call.
    pub call_id: Uuid,
    /// The scorecard.
    pub scorecard_id: Uuid,
    /// The version that it was scored with.
    pub scorecard_version: i64,
    /// The agent of the call.
    pub agent_id: Uuid,
    /// Who evaluated.
    pub evaluator_id: String,
    /// How far it is.
    pub status: Status,
    /// 0 to 100; none when every answer is "na".
    pub score: Option<Mean>,
    /// Whether the score reaches the version's pass score; none without a score.
    pub passed: Option<bool>,
    /// The answers that were given, in the scorecard's order.
    #[serde(deserialize_with = "json::deserialize")]
    pub answers: Map<String, Value>,
    /// One for each question of the version, in its order.
    #[serde(deserialize_with = "json::deserialize")]
    pub points: Vec<Point>,
    /// A word on it.
    pub comment: Option<String>,
    /// When it was begun.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub created_at: DateTime<Utc>,
    /// When it was last sent.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub updated_at: DateTime<Utc>,
    /// When it was first sent as submitted; none for a draft.
    #[serde(deserialize_with = "instant::optional::deserialize", serialize_with = "time::optional_instant")]
    pub submitted_at: Option<DateTime<Utc>>,
}

impl Evaluation {
    /// `jsonb` has its own order of names; that of the answers is the scorecard's.
    fn in_order(mut self) -> Self {
        let mut given = std::mem::take(&mut self.answers);
        self.answers = self.points.iter().filter_map(|point| given.remove_entry(point.question_id.as_str())).collect();
        self
    }
}

/// A field that does not fit what is there, and why.
pub type Misfit = (String, &'static str);

/// Why an evaluation was not kept.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Every field that does not fit the call, the scorecard or its questions.
    #[error("{} fields do not fit", .0.len())]
    Misfits(Vec<Misfit>),
    /// It is submitted, and does not go back to a draft.
    #[error("the evaluation is submitted")]
    Submitted,
    /// The same evaluator changed it again and again at the same time.
    #[error("the evaluation is being changed")]
    Busy,
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
}

/// What an evaluation is decided by.
#[derive(Deserialize)]
struct Basis {
    call_fits: bool,
    kept_scorecard_id: Option<Uuid>,
    kept_version: Option<i64>,
    is_submitted: bool,
    is_archived: bool,
    /// The version that applies, or nothing where there is no such scorecard.
    version: Option<i64>,
    pass_score: Option<Decimal2>,
    #[serde(with = "json::optional")]
    questions: Option<Vec<Question>>,
}

/// An evaluation as the server makes it of answers that fit.
#[derive(Debug)]
struct Scored {
    version: i64,
    answers: Map<String, Value>,
    points: Vec<Point>,
    score: Option<Mean>,
    passed: Option<bool>,
}

impl Basis {
    /// Scores a submission, or says all that does not fit.
    fn score(self, submission: &Submission) -> Result<Scored, Vec<Misfit>> {
        let mut misfits = Vec::new();
        if !self.call_fits {
            misfits.push(("call_id".to_owned(), NO_CALL));
        }
        let is_begun_with_it = self.kept_scorecard_id == Some(submission.scorecard_id);
        let (Some(version), Some(pass_score), Some(questions)) = (self.version, self.pass_score, self.questions) else {
            misfits.push(("scorecard_id".to_owned(), NO_SCORECARD));
            return Err(misfits);
        };
        if self.is_archived && !is_begun_with_it {
            misfits.push(("scorecard_id".to_owned(), ARCHIVED));
        }
        let answers = fit(&questions, &submission.answers, &mut misfits);
        if misfits.is_empty() { Ok(scored(version, pass_score, questions, answers)) } else { Err(misfits) }
    }
}

/// The answer to each question, or what does not fit.
fn fit(questions: &[Question], given: &[(String, Given)], misfits: &mut Vec<Misfit>) -> Vec<Option<Answer>> {
    let mut answers = vec![None; questions.len()];
    for (id, given) in given {
        let found = questions.iter().position(|question| question.id == *id);
        let checked = match found {
            Some(index) => given.to(&questions[index]).map(|answer| answers[index] = Some(answer)),
            None => Err("is not a question of the scorecard's version"),
        };
        if let Err(message) = checked {
            misfits.push((format!("answers.{id}"), message));
        }
    }
    answers
}

fn scored(version: i64, pass_score: Decimal2, questions: Vec<Question>, answers: Vec<Option<Answer>>) -> Scored {
    let weighed: Vec<(score::Question, Option<Answer>)> = questions
        .iter()
        .map(|question| score::Question { kind: question.kind, weight: question.weight, critical: question.critical })
        .zip(answers.iter().copied())
        .collect();
    let Score { score, passed, points } = score(&weighed, pass_score);
    let given = questions.iter().zip(answers);
    let answers = given.filter_map(|(question, answer)| Some((question.id.clone(), json!(answer?)))).collect();
    let points = questions
        .into_iter()
        .zip(points)
        .map(|(Question { id, text, weight, .. }, points)| Point { question_id: id, text, points, weight })
        .collect();
    Scored { version, answers, points, score, passed }
}

/// Keeps what an evaluator says of a call: a new evaluation with this `id`, else the one that the evaluator has kept of this
/// call, which then comes back with its own id.
///
/// It is scored with the version that it was begun with, unless another scorecard is named. What was read may change before
/// the write, by another request of the same evaluator; then nothing is written, and it is read and scored again.
pub async fn save(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
    evaluator_id: &str,
    submission: &Submission,
) -> Result<Evaluation, Refused> {
    let key = || of(tenant).uuid("call_id", submission.call_id).text("evaluator_id", evaluator_id);
    for _ in 0..ATTEMPTS {
        let params = key().uuid("scorecard_id", submission.scorecard_id);
        let basis: Option<Basis> = database.read_optional(FIND_EVALUATION_BASIS, params).await?;
        let basis = basis.ok_or_else(|| Error::Decode("an evaluation's basis is one row".into()))?;
        let is_undone = basis.is_submitted && submission.status == Status::Draft;
        let (kept_scorecard_id, kept_version) = (basis.kept_scorecard_id, basis.kept_version);
        let scored = basis.score(submission).map_err(Refused::Misfits)?;
        if is_undone {
            return Err(Refused::Submitted);
        }
        let params = scored
            .params(key())
            .uuid("id", id)
            .uuid("scorecard_id", submission.scorecard_id)
            .text("status", submission.status.as_str())
            .text("comment", submission.comment.as_deref())
            .uuid("kept_scorecard_id", kept_scorecard_id)
            .integer("kept_version", kept_version);
        let rows: Vec<Evaluation> = match database.write_keyed(SAVE_EVALUATION, params).await {
            Err(error) if met_another(&error) => continue,
            rows => rows?,
        };
        if let Some(evaluation) = rows.into_iter().next() {
            return Ok(evaluation.in_order());
        }
    }
    Err(Refused::Busy)
}

impl Scored {
    fn params(&self, params: Params) -> Params {
        params
            .integer("scorecard_version", self.version)
            .text("answers", json!(self.answers).to_string().as_str())
            .text("score", self.score.map(|score| score.to_string()).as_deref())
            .flag("passed", self.passed)
            .text("points", json!(self.points).to_string().as_str())
    }
}

/// An evaluation of the tenant.
pub async fn find(database: &Database, tenant: TenantScope, id: Uuid) -> Result<Option<Evaluation>, Error> {
    let found: Option<Evaluation> = database.read_optional(FIND_EVALUATION, of(tenant).uuid("id", id)).await?;
    Ok(found.map(Evaluation::in_order))
}

/// Which evaluations to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Begun then or later.
    pub from: Option<DateTime<Utc>>,
    /// Begun before.
    pub to: Option<DateTime<Utc>>,
    /// Of this agent.
    pub agent_id: Option<Uuid>,
    /// Of this call.
    pub call_id: Option<Uuid>,
    /// So far and no further.
    pub status: Option<Status>,
}

/// Up to `limit` evaluations after a place, newest first.
pub async fn list(
    database: &Database,
    tenant: TenantScope,
    filter: Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Evaluation>, Error> {
    let params = |last: Option<&Evaluation>, page_size| {
        let params = of(tenant)
            .instant("from", filter.from)
            .instant("to", filter.to)
            .uuid("agent_id", filter.agent_id)
            .uuid("call_id", filter.call_id)
            .text("status", filter.status.map(Status::as_str));
        page_after(params, last.map(|row| (row.created_at, row.id)).or(after), page_size)
    };
    let rows = database.read_up_to(LIST_EVALUATIONS, params, limit).await?;
    Ok(rows.into_iter().map(Evaluation::in_order).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, kind: QuestionKind, allow_na: bool) -> Question {
        let weight = Decimal2::from_units(1_000);
        Question { id: id.into(), text: format!("{id}?"), kind, weight, critical: false, allow_na }
    }

    fn basis() -> Basis {
        Basis {
            call_fits: true,
            kept_scorecard_id: None,
            kept_version: None,
            is_submitted: false,
            is_archived: false,
            version: Some(3),
            pass_score: Some(Decimal2::from_units(8_000)),
            questions: Some(vec![
                question("tone", QuestionKind::Scale1To5, true),
                question("greeting", QuestionKind::YesNo, false),
            ]),
        }
    }

    fn submission(answers: Value) -> Submission {
        let answers = answers.as_object().expect("an object").iter();
        Submission {
            call_id: Uuid::from_u128(1),
            scorecard_id: Uuid::from_u128(2),
            answers: answers.map(|(id, value)| (id.clone(), Given::from_json(value).expect("an answer"))).collect(),
            status: Status::Submitted,
            comment: None,
        }
    }

    #[test]
    fn what_no_question_takes() {
        for bad in [json!(4.5), json!("4"), json!("NA"), json!(null), json!([1]), json!({})] {
            assert_eq!(Given::from_json(&bad), None, "{bad}");
        }
        assert_eq!(Given::from_json(&json!(4.0)), Some(Given::Whole(4)));
        assert_eq!(Given::from_json(&json!(1e300)), Some(Given::Whole(i64::MAX)));
    }

    #[test]
    fn all_that_does_not_fit_at_once() {
        let fields = |basis: Basis, answers| {
            let misfits = basis.score(&submission(answers)).expect_err("misfits");
            misfits.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        let answers = json!({"tone": 6, "greeting": "na", "none": true});
        assert_eq!(
            fields(Basis { call_fits: false, ..basis() }, answers),
            ["call_id", "answers.tone", "answers.greeting", "answers.none"]
        );
        for bad in [json!({"tone": 0}), json!({"tone": true}), json!({"tone": -1})] {
            assert_eq!(fields(basis(), bad), ["answers.tone"]);
        }
        assert_eq!(fields(basis(), json!({"greeting": 1})), ["answers.greeting"]);
        assert_eq!(fields(Basis { version: None, ..basis() }, json!({"none": 1})), ["scorecard_id"]);
        assert_eq!(fields(Basis { is_archived: true, ..basis() }, json!({})), ["scorecard_id"]);
    }

    #[test]
    fn what_was_begun_with_an_archived_scorecard_goes_on() {
        let begun = Basis { is_archived: true, kept_scorecard_id: Some(Uuid::from_u128(2)), ..basis() };
        assert_eq!(begun.score(&submission(json!({}))).expect("a score").score, Some(Mean::ZERO));
    }

    #[test]
    fn kept_in_the_order_of_the_questions() {
        let scored = basis().score(&submission(json!({"greeting": true, "tone": "na"}))).expect("a score");
        assert_eq!(json!(scored.answers).to_string(), r#"{"tone":"na","greeting":true}"#);
        assert_eq!(
            json!(scored.points).to_string(),
            r#"[{"question_id":"tone","text":"tone?","points":null,"weight":10},{"question_id":"greeting","text":"greeting?","points":10,"weight":10}]"#
        );
        assert_eq!((scored.version, scored.score, scored.passed), (3, Some(Mean::from_units(10_000)), Some(true)));
    }
}
