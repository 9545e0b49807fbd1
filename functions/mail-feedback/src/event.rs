//! The event, as SES publishes it to EventBridge: `Email Bounced` and `Email Complaint Received`.
//!
//! Source: the SES developer guide on event publishing. The tags are those that the message was sent with.

use callmetry_schedules::FeedbackKind;
use serde::Deserialize;
use uuid::Uuid;

/// An event of EventBridge, of which the rest does not matter here.
#[derive(Deserialize)]
pub struct Event {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(flatten)]
    what: What,
    mail: Mail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    #[serde(rename_all = "camelCase")]
    Bounce {
        bounce_type: String,
        bounce_sub_type: String,
        #[serde(default)]
        bounced_recipients: Vec<Bounced>,
    },
    #[serde(rename_all = "camelCase")]
    Complaint { complaint_feedback_type: Option<String>, complaint_sub_type: Option<String> },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounced {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    #[serde(default)]
    tags: Tags,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tags {
    tenant: Vec<Uuid>,
    delivery: Vec<Uuid>,
}

impl Event {
    /// Tenant and delivery that the message was sent for; none where it is no message of ours.
    pub fn subject(&self) -> Option<(Uuid, Uuid)> {
        let tags = &self.detail.mail.tags;
        Some((*tags.tenant.first()?, *tags.delivery.first()?))
    }

    /// SES's id of the message.
    pub fn message_id(&self) -> &str {
        &self.detail.mail.message_id
    }

    /// What happened, and in words. What the recipient's server wrote is left out: it may say anything about anybody.
    pub fn what(&self) -> (FeedbackKind, String) {
        match &self.detail.what {
            What::Bounce { bounce_type, bounce_sub_type, bounced_recipients } => {
                let is_permanent = bounce_type == "Permanent";
                let status = bounced_recipients.iter().find_map(|recipient| recipient.status.as_deref());
                let status = status.map_or_else(String::new, |status| format!(", {status}"));
                let then = if is_permanent { "It is mailed no more." } else { "It is mailed again the next time." };
                let detail = format!("The address bounced ({bounce_type}, {bounce_sub_type}{status}). {then}");
                (FeedbackKind::Bounced { is_permanent }, detail)
            }
            What::Complaint { complaint_feedback_type, complaint_sub_type } => {
                let kind =
                    complaint_feedback_type.as_deref().or(complaint_sub_type.as_deref()).unwrap_or("no reason given");
                (FeedbackKind::Complained, format!("The recipient complained ({kind}). The address is mailed no more."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(detail: Value) -> Event {
        serde_json::from_value(json!({"version": "0", "source": "aws.ses", "detail": detail})).expect("an event")
    }

    fn mail() -> Value {
        json!({"messageId": "m1", "destination": ["a@b.example"], "tags": {
            "ses:configuration-set": ["set"], "tenant": [Uuid::nil()], "delivery": [Uuid::max()]}})
    }

    #[test]
    fn a_permanent_bounce() {
        let event = read(json!({"eventType": "Bounce", "mail": mail(), "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General", "feedbackId": "f",
            "bouncedRecipients": [{"emailAddress": "a@b.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 no ana"}]}}));
        assert_eq!((event.subject(), event.message_id()), (Some((Uuid::nil(), Uuid::max())), "m1"));
        let (kind, detail) = event.what();
        assert_eq!(kind, FeedbackKind::Bounced { is_permanent: true });
        assert_eq!(detail, "The address bounced (Permanent, General, 5.1.1). It is mailed no more.");
    }

    #[test]
    fn a_full_mailbox_is_no_end() {
        let event = read(json!({"eventType": "Bounce", "mail": mail(), "bounce": {
            "bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": [{"emailAddress": "a@b.example"}]}}));
        assert_eq!(event.what().0, FeedbackKind::Bounced { is_permanent: false });
    }

    #[test]
    fn a_complaint() {
        let event = read(json!({"eventType": "Complaint", "mail": mail(), "complaint": {
            "complainedRecipients": [{"emailAddress": "a@b.example"}], "complaintFeedbackType": "abuse", "complaintSubType": null}}));
        let expected = "The recipient complained (abuse). The address is mailed no more.";
        assert_eq!(event.what(), (FeedbackKind::Complained, expected.to_owned()));
    }

    #[test]
    fn a_message_of_somebody_else() {
        let event = read(json!({"eventType": "Complaint", "mail": {"messageId": "m", "tags": {}}, "complaint": {}}));
        assert_eq!(event.subject(), None);
    }
}
