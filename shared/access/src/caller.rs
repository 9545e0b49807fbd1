//! Callers, and the tenants that they may read.

use std::fmt;
use std::marker::PhantomData;

use callmetry_database::{Database, Error};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::{Rank, Role, tenants};

/// Who a token belongs to. Made by the authorizer, or by the host in its place, and by nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The tenant that the caller belongs to.
    pub tenant_id: Uuid,
    /// The user, as the key or the token's subject names it.
    pub user_id: String,
    /// The highest role.
    pub role: Role,
    /// Seconds since 1970 from which on the token is no longer good; 0 for never.
    #[serde(deserialize_with = "seconds")]
    pub exp: i64,
}

/// A number, or the text of one: how API Gateway hands a number of the authorizer's context on is not documented, and could
/// not be tried without an account. Anything else is an error, and its caller nobody.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumberOrText {
        Whole(i64),
        Text(String),
    }
    match NumberOrText::deserialize(deserializer)? {
        NumberOrText::Whole(seconds) => Ok(seconds),
        NumberOrText::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

/// Somebody known whose role is at least `R`.
#[derive(Clone, Debug)]
pub struct Caller<R: Rank> {
    identity: Identity,
    rank: PhantomData<R>,
}

/// The caller's role is too low.
#[derive(Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The role that was needed.
    pub needed: Role,
}

/// One tenant whose rows may be read. Queries take this and not an id, and a request's parameter never becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TenantScope(Uuid);

impl TenantScope {
    /// The tenant of something that proves it by itself: a signed link, or a row that a caller with that scope has made.
    pub fn proven(id: Uuid) -> Self {
        Self(id)
    }

    /// The tenant's id, for binding.
    pub fn id(&self) -> Uuid {
        self.0
    }
}

/// Why a caller may not read the tenant that was asked for.
#[derive(Debug)]
pub enum ScopeError {
    /// Another tenant, and not a platform admin.
    Forbidden,
    /// No such tenant.
    Unknown,
    /// The database.
    Database(Error),
}

impl<R: Rank> Caller<R> {
    /// The caller, if the role suffices.
    pub fn admit(identity: Identity) -> Result<Self, Forbidden> {
        if identity.role < R::ROLE {
            return Err(Forbidden { needed: R::ROLE });
        }
        Ok(Self { identity, rank: PhantomData })
    }

    /// The same caller, if the role suffices for `S` too: for what only some uses of a route need.
    pub fn promote<S: Rank>(&self) -> Result<Caller<S>, Forbidden> {
        Caller::admit(self.identity.clone())
    }

    /// The tenant that the caller belongs to.
    pub fn own_tenant(&self) -> TenantScope {
        TenantScope(self.identity.tenant_id)
    }

    /// The user, as the key or the token's subject names it.
    pub fn user_id(&self) -> &str {
        &self.identity.user_id
    }

    /// The highest role.
    pub fn role(&self) -> Role {
        self.identity.role
    }

    /// The tenant that was asked for by `?tenant_id=`, else the caller's own. Another tenant is for a platform admin only,
    /// and has to exist.
    pub async fn tenant(&self, asked: Option<Uuid>, database: &Database) -> Result<TenantScope, ScopeError> {
        let Some(id) = asked.filter(|id| *id != self.identity.tenant_id) else {
            return Ok(self.own_tenant());
        };
        if self.identity.role < Role::PlatformAdmin {
            return Err(ScopeError::Forbidden);
        }
        let found = tenants::find(database, id).await.map_err(ScopeError::Database)?;
        found.map(|tenant| TenantScope(tenant.id)).ok_or(ScopeError::Unknown)
    }
}

impl fmt::Display for TenantScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for TenantScope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_number_or_its_text_and_nothing_else() {
        let exp = |exp: &str| {
            let json = format!(r#"{{"tenant_id": "{}", "user_id": "u", "role": "admin", "exp": {exp}}}"#, Uuid::nil());
            serde_json::from_str::<Identity>(&json).map(|identity| identity.exp).ok()
        };
        assert_eq!(
            (exp("1700000000"), exp("\"1700000000\""), exp("0")),
            (Some(1_700_000_000), Some(1_700_000_000), Some(0))
        );
        for bad in ["null", "\"\"", "\"never\"", "true", "[]", "1e99"] {
            assert_eq!(exp(bad), None, "{bad}");
        }
    }
}
