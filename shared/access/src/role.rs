//! Roles, each including the one before.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What somebody may do. The order is that of inclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has no report yet: only learns who it is.
    Agent,
    /// Reads reports, evaluates calls, orders reports.
    Supervisor,
    /// Manages scorecards and schedules.
    Admin,
    /// Reads any tenant's reports.
    PlatformAdmin,
}

impl Role {
    /// Every role, the lowest first.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Supervisor, Self::Admin, Self::PlatformAdmin];

    /// The name in keys, claims and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::PlatformAdmin => "platform_admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no role.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// The least role that a [`Caller`](crate::Caller) of this type has.
pub trait Rank: Send + Sync + 'static {
    /// That role.
    const ROLE: Role;
}

macro_rules! ranks {
    ($($name:ident),*) => {$(
        #[doc = concat!("At least [`Role::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub enum $name {}

        impl Rank for $name {
            const ROLE: Role = Role::$name;
        }
    )*};
}

ranks!(Agent, Supervisor, Admin, PlatformAdmin);
