//! Which calls.

use callmetry_access::TenantScope;
use callmetry_database::Params;
use callmetry_metrics::Window;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A customer called.
    Inbound,
    /// The centre called.
    Outbound,
}

impl Direction {
    /// Both, by their names.
    pub const CHOICES: [(&'static str, Self); 2] = [("inbound", Self::Inbound), ("outbound", Self::Outbound)];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// Only these calls, where it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Of this campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign_id: Option<Uuid>,
    /// Of this agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<Uuid>,
    /// Of this direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
}

/// The place of a call in the order of an export.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// `started_at`, in RFC 3339.
    pub at: String,
    pub id: Uuid,
}

impl Filter {
    /// The parameters that both statements have, for the calls after a key.
    pub(crate) fn params(&self, tenant: TenantScope, window: Window, after: Option<&Key>) -> Params {
        let params = Params::new()
            .uuid("tenant_id", tenant.id())
            .instant("from", window.from())
            .instant("to", window.to())
            .uuid("campaign_id", self.campaign_id)
            .uuid("agent_id", self.agent_id)
            .text("direction", self.direction.map(Direction::as_str));
        key(params, "after", after)
    }
}

/// Adds a key: `{name}_at` and `{name}_id`.
pub(crate) fn key(params: Params, name: &str, key: Option<&Key>) -> Params {
    params
        .text(&format!("{name}_at"), key.map(|key| key.at.as_str()))
        .uuid(&format!("{name}_id"), key.map(|key| key.id))
}
