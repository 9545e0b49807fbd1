//! Scorecards: made and revised by admins, read by supervisors.

use callmetry_host::{Admin, Call, Cursor, Error, Key, Page, Query, Reply, Supervisor};
use callmetry_qa::scorecards::{self, Scorecard, Unchanged};
use serde::Serialize;

use crate::content;

/// What an error calls it.
const WHAT: &str = "scorecard";

/// The query of the list.
struct Parameters {
    /// `false` (default): those in use; `true`: those that are archived; `all`.
    archived: Option<bool>,
    /// `limit` and `cursor`.
    page: Page,
}

impl Parameters {
    fn read(mut query: Query) -> Result<Self, Error> {
        let choices = [("false", Some(false)), ("true", Some(true)), ("all", None)];
        let archived = query.choice("archived", &choices).unwrap_or(Some(false));
        let parameters = Self { archived, page: Page::read(&mut query) };
        query.finish()?;
        Ok(parameters)
    }
}

/// A page of the list.
#[derive(Serialize)]
struct Listed {
    scorecards: Vec<Scorecard>,
    next_cursor: Option<Cursor>,
}

/// Makes a scorecard, in its first version.
pub async fn create(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    let content = content::read(&call.body)?;
    let card = scorecards::create(&call.database, call.caller.own_tenant(), call.new_id(), content).await?;
    Reply::created(&format!("/api/v1/qa/scorecards/{}", card.id), &card)
}

/// Answers with a page of the tenant's scorecards, newest first.
pub async fn list(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let Parameters { archived, page } = Parameters::read(std::mem::take(&mut call.query))?;
    let after = page.after.map(|key| (key.at, key.id));
    let tenant = call.caller.own_tenant();
    // One more than asked for: it says whether there is a next page.
    let mut scorecards = scorecards::list(&call.database, tenant, archived, after, page.limit + 1).await?;
    let next_cursor = page.cut(&mut scorecards, |card| Key { at: card.created_at, id: card.id });
    Reply::json(&Listed { scorecards, next_cursor })
}

/// Answers with a scorecard, archived or not.
pub async fn find(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    let card = scorecards::find(&call.database, call.caller.own_tenant(), id).await?;
    Reply::json(&card.ok_or(Error::NotFound(WHAT))?)
}

/// Adds a version.
pub async fn revise(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    let content = content::read(&call.body)?;
    let tenant = call.caller.own_tenant();
    let card = scorecards::revise(&call.database, tenant, id, call.new_id(), content).await.map_err(refusal)?;
    Reply::json(&card)
}

/// Archives a scorecard. Nothing of it is lost.
pub async fn archive(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    scorecards::archive(&call.database, call.caller.own_tenant(), id).await.map_err(refusal)?;
    Ok(Reply::nothing())
}

fn refusal(error: Unchanged) -> Error {
    match error {
        Unchanged::Unknown => Error::NotFound(WHAT),
        Unchanged::Archived => Error::Conflict("The scorecard is archived. Make a new one instead."),
        Unchanged::Database(error) => error.into(),
    }
}
