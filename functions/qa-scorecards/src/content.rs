//! The body of `POST` and `PUT`.

use std::collections::HashSet;

use callmetry_host::{Body, Error, Fields};
use callmetry_metrics::Decimal2;
use callmetry_metrics::score::QuestionKind;
use callmetry_qa::scorecards::{Content, MOST_QUESTIONS_BYTES, Question};

const QUESTIONS: usize = 100;
const NAME_LENGTH: usize = 200;
const TEXT_LENGTH: usize = 1_000;
/// In bytes, too: an evaluation keeps each id twice.
const ID_LENGTH: usize = 64;
const KINDS: [(&str, QuestionKind); 2] = [("scale_1_5", QuestionKind::Scale1To5), ("yes_no", QuestionKind::YesNo)];
const LEAST_WEIGHT: Decimal2 = Decimal2::from_units(1);
const MOST_WEIGHT: Decimal2 = Decimal2::from_units(1_000_000);
const HUNDRED: Decimal2 = Decimal2::from_units(10_000);
const DEFAULT_PASS_SCORE: Decimal2 = Decimal2::from_units(8_000);

/// Reads what a version of a scorecard is to say.
pub fn read(body: &Body) -> Result<Content, Error> {
    body.read(|fields| {
        let name = fields.text("name", 1..=NAME_LENGTH);
        let pass_score = fields.decimal_or("pass_score", Decimal2::ZERO..=HUNDRED, DEFAULT_PASS_SCORE);
        let mut ids = HashSet::new();
        let questions = fields.objects("questions", 1..=QUESTIONS, |fields| question(fields, &mut ids));
        let content = Content { name: name?, pass_score: pass_score?, questions: questions? };
        if content.transfer_bytes() > MOST_QUESTIONS_BYTES {
            fields.error("questions", format!("must be at most {} KB of JSON", MOST_QUESTIONS_BYTES / 1024));
        }
        Some(content)
    })
}

/// `ids` has those of the questions before.
fn question(fields: &mut Fields<'_>, ids: &mut HashSet<String>) -> Option<Question> {
    let id = fields.text("id", 1..=ID_LENGTH);
    if id.as_ref().is_some_and(|id| id.len() > ID_LENGTH) {
        fields.error("id", format!("must have at most {ID_LENGTH} bytes"));
    }
    if id.as_ref().is_some_and(|id| !ids.insert(id.clone())) {
        fields.error("id", "is the id of a question before");
    }
    let text = fields.text("text", 1..=TEXT_LENGTH);
    let kind = fields.choice("type", &KINDS);
    let weight = fields.decimal("weight", LEAST_WEIGHT..=MOST_WEIGHT);
    let (critical, allow_na) = (fields.flag("critical"), fields.flag("allow_na"));
    Some(Question { id: id?, text: text?, kind: kind?, weight: weight?, critical: critical?, allow_na: allow_na? })
}
