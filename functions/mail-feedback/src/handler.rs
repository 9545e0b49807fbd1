//! Records what SES says of a message.

use callmetry_access::TenantScope;
use callmetry_database::Database;
use callmetry_host::{Done, Invocation, Line};
use callmetry_schedules::{Feedback, FeedbackKind};
use serde_json::{Value, json};

use crate::event::Event;

/// What recording needs.
pub struct MailFeedback {
    /// The database, without a deadline.
    pub database: Database,
}

impl MailFeedback {
    /// Answers one event. An error makes Lambda deliver it again, and in the end keep it as a dead letter.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Done {
        let database = self.database.until(invocation.deadline);
        let event: Event = match serde_json::from_value(event) {
            Ok(event) => event,
            Err(error) => return Done::failed(Line::new("failed"), format!("the event: {error}")),
        };
        let (kind, detail) = event.what();
        let metric = match kind {
            FeedbackKind::Bounced { .. } => "MailBounced",
            FeedbackKind::Complained => "MailComplained",
        };
        let Some((tenant_id, delivery_id)) = event.subject() else {
            return Done::with(Line::new("not ours"), json!({"outcome": "not ours"}));
        };
        let feedback = Feedback { delivery_id, message_id: event.message_id().to_owned(), kind, detail };
        let recorded = feedback.record(&database, TenantScope::proven(tenant_id)).await;
        let outcome = match &recorded {
            Ok(true) => kind.as_str(),
            Ok(false) => "unknown message",
            Err(_) => "failed",
        };
        let line = Line::new(outcome).with("delivery_id", delivery_id.to_string()).database(database.usage());
        match recorded {
            Ok(_) => Done::with(line.count(metric, 1), json!({ "outcome": outcome })),
            Err(error) => Done::failed(line, error.to_string()),
        }
    }
}
