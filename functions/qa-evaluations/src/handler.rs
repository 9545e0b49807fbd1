//! Evaluations: made and read by supervisors, scored by the server.

use callmetry_host::{Call, Cursor, Error, FieldError, Key, Page, Query, Reply, Supervisor};
use callmetry_qa::evaluations::{self, Evaluation, Filter, Refused};
use serde::Serialize;

use crate::submission::{self, STATUSES};

/// What an error calls it.
const WHAT: &str = "evaluation";

/// The query of the list.
struct Parameters {
    /// `from` and `to` (of `created_at`), `agent_id`, `call_id`, `status`.
    filter: Filter,
    /// `limit` and `cursor`.
    page: Page,
}

impl Parameters {
    fn read(mut query: Query) -> Result<Self, Error> {
        let (from, to) = query.bounds();
        let (agent_id, call_id) = (query.uuid("agent_id"), query.uuid("call_id"));
        let status = query.choice("status", &STATUSES);
        let parameters = Self { filter: Filter { from, to, agent_id, call_id, status }, page: Page::read(&mut query) };
        query.finish()?;
        Ok(parameters)
    }
}

/// A page of the list.
#[derive(Serialize)]
struct Listed {
    evaluations: Vec<Evaluation>,
    next_cursor: Option<Cursor>,
}

/// Keeps what the caller says of a call: 201 the first time, 200 when it is sent again.
pub async fn save(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    call.without_query()?;
    let submission = submission::read(&call.body)?;
    let (tenant, id) = (call.caller.own_tenant(), call.new_id());
    let saved = evaluations::save(&call.database, tenant, id, call.caller.user_id(), &submission).await;
    let evaluation = saved.map_err(refusal)?;
    if evaluation.id == id {
        Reply::created(&format!("/api/v1/qa/evaluations/{id}"), &evaluation)
    } else {
        Reply::json(&evaluation)
    }
}

/// Answers with a page of the tenant's evaluations, newest first.
pub async fn list(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let Parameters { filter, page } = Parameters::read(std::mem::take(&mut call.query))?;
    let after = page.after.map(|key| (key.at, key.id));
    let tenant = call.caller.own_tenant();
    // One more than asked for: it says whether there is a next page.
    let mut evaluations = evaluations::list(&call.database, tenant, filter, after, page.limit + 1).await?;
    let next_cursor = page.cut(&mut evaluations, |evaluation| Key { at: evaluation.created_at, id: evaluation.id });
    Reply::json(&Listed { evaluations, next_cursor })
}

/// Answers with an evaluation.
pub async fn find(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    let evaluation = evaluations::find(&call.database, call.caller.own_tenant(), id).await?;
    Reply::json(&evaluation.ok_or(Error::NotFound(WHAT))?)
}

fn refusal(error: Refused) -> Error {
    match error {
        Refused::Misfits(misfits) => {
            Error::Unprocessable(misfits.into_iter().map(|(field, message)| FieldError::new(&field, message)).collect())
        }
        Refused::Submitted => Error::Conflict("The evaluation is submitted and does not go back to a draft."),
        Refused::Busy => Error::Conflict("The evaluation is being changed by other requests. Try again."),
        Refused::Database(error) => error.into(),
    }
}
