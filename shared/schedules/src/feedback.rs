//! What the mail service says of a message after it was sent.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, sql};
use serde::Deserialize;
use uuid::Uuid;

use crate::of;

pub(crate) const RECORD_FEEDBACK: Sql = sql!("sql/record_feedback.sql");

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Which message.
    pub delivery_id: Uuid,
    /// SES's id of it.
    pub message_id: String,
    /// What happened.
    pub kind: FeedbackKind,
    /// Why, for the log.
    pub detail: String,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedbackKind {
    /// It could not be delivered; whether there is no use in trying again.
    Bounced {
        /// Whether the address itself is no good.
        is_permanent: bool,
    },
    /// Its recipient says that it is unwanted.
    Complained,
}

impl FeedbackKind {
    /// As the delivery log has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bounced { .. } => "bounced",
            Self::Complained => "complained",
        }
    }
}

impl Feedback {
    /// Says so in the log, and suppresses the address for the tenant where the bounce is permanent or somebody complained. Whether
    /// there is such a message. Done twice it is the same.
    pub async fn record(&self, database: &Database, tenant: TenantScope) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Found {}
        let params = of(tenant)
            .uuid("delivery_id", self.delivery_id)
            .text("status", self.kind.as_str())
            .flag("is_final", self.kind != FeedbackKind::Bounced { is_permanent: false })
            .text("message_id", self.message_id.as_str())
            .text("detail", self.detail.as_str());
        let found: Vec<Found> = database.write_keyed(RECORD_FEEDBACK, params).await?;
        Ok(!found.is_empty())
    }
}
