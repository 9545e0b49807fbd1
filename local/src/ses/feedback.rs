//! What becomes of a message after it was accepted, told to EventBridge: the addresses of SES's mailbox simulator bounce and
//! complain here as they do there; everybody else's mail arrives, which nobody is told.
//!
//! Sources: the SES developer guide on the mailbox simulator and on the contents of published events.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::request::SendEmail;
use crate::template::{ACCOUNT, REGION};

/// What becomes of mail to this address, if SES tells of it: the name of the type of event, of its detail, and the detail.
fn fate(address: &str, at: &str) -> Option<(&'static str, &'static str, Value)> {
    let local = address.strip_suffix("@simulator.amazonses.com")?;
    let bounce = |kind: &str, sub_type: &str, status: &str| {
        json!({"feedbackId": "local", "bounceType": kind, "bounceSubType": sub_type, "timestamp": at,
            "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": status,
                "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]})
    };
    // A label after a plus sign is allowed.
    Some(match local.split('+').next()? {
        "bounce" => ("BOUNCE", "Email Bounced", json!({"bounce": bounce("Permanent", "General", "5.1.1")})),
        "suppressionlist" => ("BOUNCE", "Email Bounced", json!({"bounce": bounce("Permanent", "Suppressed", "5.1.1")})),
        "ooto" => ("BOUNCE", "Email Bounced", json!({"bounce": bounce("Transient", "General", "4.0.0")})),
        "complaint" => (
            "COMPLAINT",
            "Email Complaint Received",
            json!({"complaint": {"feedbackId": "local", "complaintSubType": null, "timestamp": at,
                "complainedRecipients": [{"emailAddress": address}], "complaintFeedbackType": "abuse"}}),
        ),
        _ => return None,
    })
}

/// The events of a message to these recipients that a destination for these types of events gets.
pub fn events(
    request: &SendEmail,
    recipients: &[String],
    types: &[String],
    message_id: &str,
    now: DateTime<Utc>,
) -> Vec<Value> {
    let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    let set = request.configuration_set_name.as_deref().unwrap_or_default();
    let mut tags = json!({"ses:configuration-set": [set]});
    for tag in &request.email_tags {
        tags[&tag.name] = json!([tag.value]);
    }
    let mail = json!({"timestamp": at, "source": request.from_email_address, "sendingAccountId": ACCOUNT,
        "messageId": message_id, "destination": recipients, "tags": tags});
    let told = recipients.iter().filter_map(|recipient| fate(recipient, &at));
    told.filter(|(kind, ..)| types.iter().any(|one| one.eq_ignore_ascii_case(kind)))
        .map(|(kind, detail_type, mut detail)| {
            let mut letters = kind.to_lowercase();
            letters[..1].make_ascii_uppercase();
            detail["eventType"] = letters.into();
            detail["mail"] = mail.clone();
            json!({"version": "0", "id": message_id, "detail-type": detail_type, "source": "aws.ses",
                "account": ACCOUNT, "time": at, "region": REGION,
                "resources": [format!("arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{set}")], "detail": detail})
        })
        .collect()
}
