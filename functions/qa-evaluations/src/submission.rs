//! The body of `POST`.

use callmetry_host::{Body, Error, Fields};
use callmetry_qa::evaluations::{Given, Status, Submission};

/// As many as a scorecard has questions.
const ANSWERS: usize = 100;
const COMMENT_LENGTH: usize = 2_000;

/// The words for a status.
pub const STATUSES: [(&str, Status); 2] =
    [(Status::Draft.as_str(), Status::Draft), (Status::Submitted.as_str(), Status::Submitted)];

/// Reads what an evaluator says of a call. Whether the answers fit their questions is checked against the scorecard.
pub fn read(body: &Body) -> Result<Submission, Error> {
    body.read(|fields| {
        let (call_id, scorecard_id) = (fields.uuid("call_id"), fields.uuid("scorecard_id"));
        let answers = answers(fields);
        let status = fields.choice_or("status", &STATUSES, Status::Submitted);
        let comment = fields.optional_text("comment", 0..=COMMENT_LENGTH);
        Some(Submission { call_id: call_id?, scorecard_id: scorecard_id?, answers: answers?, status: status?, comment })
    })
}

fn answers(fields: &mut Fields<'_>) -> Option<Vec<(String, Given)>> {
    let object = fields.object("answers")?;
    if object.len() > ANSWERS {
        fields.error("answers", format!("must have at most {ANSWERS} answers"));
        return None;
    }
    let mut answers = Vec::with_capacity(object.len());
    for (id, value) in object {
        match Given::from_json(&value) {
            Some(given) => answers.push((id, given)),
            None => fields.error(&format!("answers.{id}"), "must be a whole number, true, false or \"na\""),
        }
    }
    Some(answers)
}
