//! One event: of CloudFormation, or of an operator.

use std::time::Duration;

use callmetry_database::{Database, Error, Params, Sql, migrations, sql};
use callmetry_host::{Done, Invocation, Line};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::cloudformation::{Request, RequestType};
use crate::roles::Roles;

const ASK: Sql = sql!("sql/ask.sql");

/// How long a database that sleeps, starts, or is only just being made is waited for.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_secs(5);
/// Kept back of the function's time, to answer CloudFormation in.
const TO_ANSWER: Duration = Duration::from_secs(40);

/// What `migrate` needs.
pub struct Migrate {
    /// As the master user.
    pub database: Database,
    /// Those that it lets in.
    pub roles: Roles,
}

impl Migrate {
    /// Answers one event. That of an operator may be anything. Safe to repeat and to run twice at once.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let database = self.database.until(invocation.deadline);
        if event.get("ResponseURL").is_none() {
            return match self.migrate(&database).await {
                Ok(applied) => Done::with(line(&applied, &database), json!({ "applied": applied })),
                Err(error) => Done::failed(Line::new("failed").database(database.usage()), error),
            };
        }
        let request: Request = match serde_json::from_value(event) {
            Ok(request) => request,
            // Its text could quote the address that the answer goes to.
            Err(_) => return Done::failed(Line::new("failed"), "the event: not a request of CloudFormation".into()),
        };
        let outcome = match request.request_type {
            // The data stay.
            RequestType::Delete => Ok(Vec::new()),
            RequestType::Other => Err("RequestType: must be Create, Update or Delete".into()),
            RequestType::Create | RequestType::Update => self.migrate_until(&database, invocation.deadline).await,
        };
        let told = request.answer(&outcome.as_ref().map(|applied| summary(applied)).map_err(String::clone)).await;
        match outcome.and_then(|applied| told.map(|()| applied)) {
            Ok(applied) => Done::with(line(&applied, &database), json!({ "applied": applied })),
            // CloudFormation knows. Lambda is not to run it again.
            Err(error) => {
                let answer = json!({ "error": &error });
                Done::with(Line::new("failed").error(&error).database(database.usage()), answer)
            }
        }
    }

    /// Ends early enough for an answer.
    async fn migrate_until(&self, database: &Database, deadline: Instant) -> Result<Vec<&'static str>, String> {
        let late = "the migrations took longer than the function may. What was finished stays; deploy again to go on";
        tokio::time::timeout_at(deadline - TO_ANSWER, self.migrate(database)).await.unwrap_or(Err(late.into()))
    }

    async fn migrate(&self, database: &Database) -> Result<Vec<&'static str>, String> {
        wait_for(database).await?;
        let outcome = migrations::apply(database, migrations::ALL).await.map_err(|error| error.to_string())?;
        // After a rollback the code that is newer has set these, and knows better.
        if !outcome.is_newer {
            self.roles.admit(database).await.map_err(|error| format!("the roles: {error}"))?;
        }
        Ok(outcome.applied)
    }
}

/// Waits until the database answers. While a cluster is being made, its Data API refuses what it will take a moment later.
async fn wait_for(database: &Database) -> Result<(), String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match database.within(left).read::<serde::de::IgnoredAny>(ASK, Params::new()).await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() + PAUSE >= until || !is_passing(&error) => {
                return Err(format!("the database did not answer within {} minutes: {error}", PATIENCE.as_secs() / 60));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Whether waiting may help.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Unavailable(_) | Error::Timeout => true,
        Error::Refused { code, .. } => code.starts_with("BadRequest") || code.starts_with("DatabaseNotFound"),
        _ => false,
    }
}

fn summary(applied: &[&str]) -> String {
    if applied.is_empty() { "There was nothing to apply.".into() } else { format!("Applied: {}", applied.join(", ")) }
}

fn line(applied: &[&str], database: &Database) -> Line {
    Line::new("migrated").with("applied", applied.len()).database(database.usage())
}
