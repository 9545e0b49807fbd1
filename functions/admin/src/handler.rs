//! Reads the action and carries it out.

use callmetry_access::{ApiKey, NewKey, TenantScope, operator};
use callmetry_database::Database;
use callmetry_folds as folds;
use callmetry_host::{Done, Invocation, Line};
use callmetry_metrics::Window;
use callmetry_recipients::Address;
use callmetry_reports::verification;
use callmetry_schedules::{lift_suppression, suppressions};
use callmetry_tick::{State, Tick};
use chrono::{DateTime, SubsecRound, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::action::Action;

/// What the actions need.
pub struct Admin {
    /// The tick.
    pub tick: Tick,
    /// The database, as the admin role.
    pub database: Database,
}

impl Admin {
    /// Answers one event. Every action but the making of a key may be repeated.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let database = self.database.until(invocation.deadline);
        let action: Action = match serde_json::from_value(event) {
            Ok(action) => action,
            Err(error) => return Done::failed(Line::new("refused"), format!("the event: {error}")),
        };
        let line = Line::new("done").with("action", action.name());
        let outcome = match action.check(invocation.now) {
            Ok(()) => self.carry_out(action, &database, &invocation).await,
            Err(problem) => Err(problem),
        };
        let line = line.database(database.usage());
        match outcome {
            Ok(answer) => Done::with(line, answer),
            Err(problem) => Done::failed(line.with("outcome", "failed"), problem),
        }
    }

    async fn carry_out(&self, action: Action, database: &Database, invocation: &Invocation) -> Result<Value, String> {
        let failed = |error: callmetry_database::Error| error.to_string();
        match action {
            Action::CreateTenant { slug, name } => {
                let tenant = operator::create_tenant(database, &slug, &name).await.map_err(failed)?;
                let tenant = tenant.ok_or("slug: somebody else makes the same tenant at this moment; try again")?;
                if tenant.name != name {
                    return Err(format!("slug: there is a tenant {slug} already, with another name: {}", tenant.name));
                }
                Ok(json!({ "tenant": tenant }))
            }
            Action::ListTenants {} => {
                let tenants = operator::tenants(database).await.map_err(failed)?;
                Ok(json!({ "tenants": tenants }))
            }
            Action::CreateApiKey { tenant, user_id, role, expires_at } => {
                #[allow(clippy::disallowed_methods, reason = "a key's id is made with it")]
                let id = Uuid::new_v4();
                let key = ApiKey::generate().map_err(|error| format!("no randomness: {error}"))?;
                let new = NewKey { id, tenant, user_id, role, expires_at };
                let made = operator::create_api_key(database, &new, &key).await.map_err(failed)?;
                let made = made.ok_or_else(|| no_tenant(&new.tenant))?;
                Ok(json!({ "key": key.reveal(), "api_key": made }))
            }
            Action::ListApiKeys { tenant } => {
                let keys = operator::api_keys(database, &tenant).await.map_err(failed)?;
                Ok(json!({ "api_keys": keys }))
            }
            Action::RevokeApiKey { id } => {
                let revoked = operator::revoke_api_key(database, id).await.map_err(failed)?;
                Ok(json!({ "api_key": revoked.ok_or("id: there is no such key")? }))
            }
            Action::ListSuppressions { tenant } => {
                let suppressed = suppressions(database, &tenant).await.map_err(failed)?;
                Ok(json!({ "suppressions": suppressed }))
            }
            Action::LiftSuppression { tenant, address } => {
                // The reason has an example, which in a log looks like somebody's address.
                let address = Address::parse(&address).map_err(|_| "address: must be an e-mail address".to_owned())?;
                let lifted = lift_suppression(database, &tenant, &address).await.map_err(failed)?;
                Ok(json!({ "lifted": lifted }))
            }
            Action::FoldState { tenant } => {
                let state = folds::state(database, tenant_id(database, &tenant).await?).await.map_err(failed)?;
                Ok(json!({ "folds": state }))
            }
            Action::RebuildFolds { tenant } => {
                let forgotten = folds::rebuild(database, tenant_id(database, &tenant).await?).await.map_err(failed)?;
                Ok(json!({ "forgotten": forgotten }))
            }
            Action::VerifyFolds { tenant, from, to } => {
                let tenant = TenantScope::proven(tenant_id(database, &tenant).await?);
                let window = window_to_verify(from, to, invocation.now)?;
                // What is not folded, or was touched much, is plain SQL that is compared with itself.
                let state = folds::state(database, tenant.id()).await.map_err(failed)?;
                let found =
                    verification::verify(database, tenant, window, invocation.deadline).await.map_err(failed)?;
                Ok(json!({ "folds": state, "verification": found }))
            }
            Action::PauseTick {} => {
                self.tick.pause(invocation.now).await.map(|()| State::Paused).map(shown).map_err(text)
            }
            Action::ResumeTick {} => {
                self.tick.resume(invocation.now).await.map(|()| State::Running).map(shown).map_err(text)
            }
            Action::TickState {} => self.tick.state().await.map(shown).map_err(text),
        }
    }
}

fn shown(state: State) -> Value {
    let tick = match state {
        State::Paused => "paused",
        State::Running => "running",
    };
    json!({ "tick": tick })
}

fn text(error: callmetry_tick::Error) -> String {
    error.to_string()
}

/// The id of a tenant that is named by its slug or id.
async fn tenant_id(database: &Database, tenant: &str) -> Result<Uuid, String> {
    let tenants = operator::tenants(database).await.map_err(|error| error.to_string())?;
    let found = tenants.iter().find(|known| known.slug == tenant || known.id.to_string() == tenant);
    found.map(|found| found.id).ok_or_else(|| no_tenant(tenant))
}

/// Without an end, up to the hour before: the rows of the present one change while they are compared.
fn window_to_verify(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Window, String> {
    let hour = now.trunc_subsecs(0).with_minute(0).and_then(|hour| hour.with_second(0)).unwrap_or(now);
    let to = to.unwrap_or(hour);
    let from = from.unwrap_or_else(|| to.checked_sub_signed(TimeDelta::days(30)).unwrap_or(to));
    Window::new(from, to).map_err(|error| format!("from: {error}"))
}

fn no_tenant(tenant: &str) -> String {
    format!("tenant: there is no tenant {tenant}")
}
