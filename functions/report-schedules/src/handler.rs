//! Schedules of digests: made and changed by admins, sent now, and the log of what was sent.

use std::sync::Arc;

use callmetry_access::request_key;
use callmetry_gate::Gate;
use callmetry_host::{Admin, Call, Cursor, Error, Key, Page, Reply};
use callmetry_schedules::{self as schedules, Log, LogEntry, Requested, Unchanged};
use serde::Serialize;
use uuid::Uuid;

use crate::answer::Answer;
use crate::plan;

/// What an error calls it.
const WHAT: &str = "report schedule";

/// A page of the list.
#[derive(Serialize)]
struct Listed {
    schedules: Vec<Answer>,
    next_cursor: Option<Cursor>,
}

/// A page of the delivery log.
#[derive(Serialize)]
struct Logged {
    deliveries: Vec<LogEntry>,
    next_cursor: Option<Cursor>,
}

/// A run that was asked for.
#[derive(Serialize)]
struct Begun {
    run_id: Uuid,
}

/// Makes a schedule.
pub async fn create(mut call: Call<Admin>, gate: Arc<Gate>) -> Result<Reply, Error> {
    call.without_query()?;
    let plan = plan::read(&call.body)?;
    open(&gate, &call).await?;
    let tenant = call.caller.own_tenant();
    let schedule = schedules::create(&call.database, tenant, call.new_id(), &plan, call.now).await.map_err(refusal)?;
    Reply::created(&format!("/api/v1/report-schedules/{}", schedule.id), &Answer::of(schedule)?)
}

/// Answers with a page of the tenant's schedules, newest first.
pub async fn list(mut call: Call<Admin>) -> Result<Reply, Error> {
    let page = page(&mut call)?;
    let after = page.after.map(|key| (key.at, key.id));
    // One more than asked for: it says whether there is a next page.
    let mut rows = schedules::list(&call.database, call.caller.own_tenant(), after, page.limit + 1).await?;
    let next_cursor = page.cut(&mut rows, |schedule| Key { at: schedule.created_at, id: schedule.id });
    let schedules = rows.into_iter().map(Answer::of).collect::<Result<_, _>>()?;
    Reply::json(&Listed { schedules, next_cursor })
}

/// Answers with a schedule.
pub async fn find(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    let schedule = schedules::find(&call.database, call.caller.own_tenant(), id).await?;
    Reply::json(&Answer::of(schedule.ok_or(Error::NotFound(WHAT))?)?)
}

/// Makes a schedule what the body says.
pub async fn change(mut call: Call<Admin>, gate: Arc<Gate>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    let plan = plan::read(&call.body)?;
    open(&gate, &call).await?;
    let tenant = call.caller.own_tenant();
    let changed = schedules::change(&call.database, tenant, id, call.new_id(), &plan, call.now).await;
    Reply::json(&Answer::of(changed.map_err(refusal)?)?)
}

/// Deletes a schedule. Its log stays.
pub async fn delete(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    let id = call.path.id("id", WHAT)?;
    schedules::delete(&call.database, call.caller.own_tenant(), id, call.new_id()).await.map_err(refusal)?;
    Ok(Reply::nothing())
}

/// Sends the digest now, whether the schedule is enabled or not, and does not move it on. One key is one run; without one, one
/// minute is in which the schedule is not changed.
pub async fn send(mut call: Call<Admin>, gate: Arc<Gate>) -> Result<Reply, Error> {
    call.without_query()?;
    call.without_body()?;
    let id = call.path.id("id", WHAT)?;
    let key = call.idempotency_key.read()?;
    let tenant = call.caller.own_tenant();
    let schedule = schedules::find(&call.database, tenant, id).await?.ok_or(Error::NotFound(WHAT))?;
    let key = match key {
        Some(key) => format!("key:{}", request_key([call.caller.user_id(), key])),
        // Whoever has changed it in between asks for something else.
        None => format!("minute:{}, as of {}", call.now.format("%Y-%m-%dT%H:%M"), schedule.updated_at),
    };
    open(&gate, &call).await?;
    let run = schedules::request_run(&call.database, tenant, &schedule, call.new_id(), &key, call.now).await;
    let Requested { id: run_id } = run.map_err(refusal)?;
    Reply::accepted(&format!("/api/v1/report-schedules/{id}/deliveries"), &Begun { run_id })
}

/// Answers with a page of the delivery log, newest first. That of a schedule that was deleted is still there.
pub async fn deliveries(mut call: Call<Admin>) -> Result<Reply, Error> {
    let page = page(&mut call)?;
    let id = call.path.id("id", WHAT)?;
    let log = Log::find(&call.database, call.caller.own_tenant(), id).await?.ok_or(Error::NotFound(WHAT))?;
    let after = page.after.map(|key| (key.at, key.id));
    let mut deliveries = log.read(&call.database, after, page.limit + 1).await?;
    let next_cursor = page.cut(&mut deliveries, |entry| Key { at: entry.created_at, id: entry.id });
    Reply::json(&Logged { deliveries, next_cursor })
}

fn page(call: &mut Call<Admin>) -> Result<Page, Error> {
    let mut query = std::mem::take(&mut call.query);
    let page = Page::read(&mut query);
    query.finish()?;
    Ok(page)
}

/// Something will be due: the tick has to look. Before the commit, or nothing is committed.
async fn open(gate: &Gate, call: &Call<Admin>) -> Result<(), Error> {
    gate.keep_awake(call.now).await.map_err(|error| Error::Unavailable(error.to_string()))
}

fn refusal(error: Unchanged) -> Error {
    match error {
        Unchanged::Unknown => Error::NotFound(WHAT),
        Unchanged::Nobody => Error::Conflict("Everybody on the list has unsubscribed: there is nobody to send to."),
        Unchanged::Contended => Error::Conflict("Others changed the schedule at the same time. Try again."),
        Unchanged::Database(error) => error.into(),
    }
}
