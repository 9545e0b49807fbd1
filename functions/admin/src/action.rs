//! What operators can ask for.

use callmetry_access::Role;
use callmetry_metrics::time::parse_instant;
use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// The event: `{"action": "create-tenant", ...}` with the fields of that action and no others. `tenant` is a slug or an id.
#[derive(Debug, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Makes a tenant, once for each slug.
    CreateTenant { slug: String, name: String },
    /// All tenants.
    ListTenants {},
    /// Makes a key and shows it, this once.
    CreateApiKey {
        tenant: String,
        user_id: String,
        role: Role,
        #[serde(default, deserialize_with = "instant")]
        expires_at: Option<DateTime<Utc>>,
    },
    /// What is kept of a tenant's keys.
    ListApiKeys { tenant: String },
    /// A key opens nothing any more, once the authorizer has forgotten it: within a minute.
    RevokeApiKey { id: Uuid },
    /// Addresses that are not mailed any more, since they bounced or complained.
    ListSuppressions { tenant: String },
    /// Lets an address be mailed again.
    LiftSuppression { tenant: String, address: String },
    /// How far the folding of a tenant's rows is.
    FoldState { tenant: String },
    /// Has a tenant's rows folded from nothing again, by the next ticks.
    RebuildFolds { tenant: String },
    /// Compares a tenant's reports with plain SQL, over a window and each day of it: by default the last 30 days up to the hour before.
    VerifyFolds {
        tenant: String,
        #[serde(default, deserialize_with = "instant")]
        from: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "instant")]
        to: Option<DateTime<Utc>>,
    },
    /// Nothing is claimed and sent until it is resumed. What comes due meanwhile is late, not lost.
    PauseTick {},
    /// The tick fires again.
    ResumeTick {},
    /// Whether it does.
    TickState {},
}

/// An instant, or none. The error shows the text: whose field it was is not known here.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let no_instant = || D::Error::custom(format!("`{text}` is not an RFC 3339 instant such as 2026-10-01T00:00:00Z"));
    parse_instant(&text).ok_or_else(no_instant).map(Some)
}

/// The longest texts, in characters.
const LONGEST_SLUG: usize = 63;
const LONGEST_NAME: usize = 200;
const LONGEST_USER_ID: usize = 200;

impl Action {
    /// Its name, for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateTenant { .. } => "create-tenant",
            Self::ListTenants {} => "list-tenants",
            Self::CreateApiKey { .. } => "create-api-key",
            Self::ListApiKeys { .. } => "list-api-keys",
            Self::RevokeApiKey { .. } => "revoke-api-key",
            Self::ListSuppressions { .. } => "list-suppressions",
            Self::LiftSuppression { .. } => "lift-suppression",
            Self::FoldState { .. } => "fold-state",
            Self::RebuildFolds { .. } => "rebuild-folds",
            Self::VerifyFolds { .. } => "verify-folds",
            Self::PauseTick {} => "pause-tick",
            Self::ResumeTick {} => "resume-tick",
            Self::TickState {} => "tick-state",
        }
    }

    /// Says which field is wrong, and how.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), String> {
        match self {
            Self::CreateTenant { slug, name } => {
                let is_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                let is_good = slug.bytes().all(is_slug) && !slug.starts_with('-') && !slug.ends_with('-');
                if slug.is_empty() || slug.len() > LONGEST_SLUG || !is_good {
                    return Err(format!(
                        "slug: must be 1 to {LONGEST_SLUG} lower-case letters, digits and hyphens, without a hyphen at an end"
                    ));
                }
                check_text("name", name, LONGEST_NAME)
            }
            Self::CreateApiKey { user_id, expires_at, .. } => {
                if expires_at.is_some_and(|at| at <= now) {
                    return Err("expires_at: must be in the future".into());
                }
                check_text("user_id", user_id, LONGEST_USER_ID)
            }
            _ => Ok(()),
        }
    }
}

fn check_text(field: &str, text: &str, longest: usize) -> Result<(), String> {
    if text.trim().is_empty() || text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(format!("{field}: must be 1 to {longest} characters, without control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn error(event: Value) -> String {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        match serde_json::from_value::<Action>(event) {
            Ok(action) => action.check(now).err().unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_error_names_its_field() {
        let key = |more: Value| {
            let mut event =
                json!({"action": "create-api-key", "tenant": "acme", "user_id": "bi", "role": "supervisor"});
            event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            error(event)
        };
        assert_eq!(key(json!({})), "");
        assert!(key(json!({"role": "king"})).contains("unknown variant `king`"), "{}", key(json!({"role": "king"})));
        assert!(key(json!({"user_id": " "})).starts_with("user_id: must be"));
        assert!(key(json!({"expires_at": "2020-01-01T00:00:00Z"})).starts_with("expires_at: must be"));
        assert!(key(json!({"tennant": "x"})).contains("unknown field `tennant`"));
        for slug in ["", "Acme", "a b", "-a", "a-", &"a".repeat(64)] {
            let event = json!({"action": "create-tenant", "slug": slug, "name": "Acme"});
            assert!(error(event).starts_with("slug: must be"), "{slug}");
        }
        assert_eq!(error(json!({"action": "create-tenant", "slug": "acme-2", "name": "Acme"})), "");
        assert!(error(json!({"action": "create-tenant", "slug": "acme"})).contains("missing field `name`"));
        assert!(error(json!({"action": "drop-tenant"})).contains("unknown variant `drop-tenant`, expected one of"));
    }
}
