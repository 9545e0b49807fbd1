//! What a failed call of SES means for the message.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use hyper_util::client::legacy;

use callmetry_render::plain;

/// The longest reason, in characters.
const REASON_LENGTH: usize = 250;

/// Why a message was not sent, or may not have been. Its text is for the tenant's administrators: it may name the recipient,
/// so it has no place in a log, and it names nothing of the deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Certainly not sent: SES throttles, or no connection was made. May be sent again soon.
    #[error("{0}")]
    NotSent(String),
    /// Certainly not sent, and nothing is wrong with the message: the account, its quota, its credentials or its configuration
    /// keep every message back. May be sent again much later; somebody must be told.
    #[error("{0}")]
    Account(String),
    /// Certainly not sent: SES refuses this message or its recipient, and would again.
    #[error("{0}")]
    Refused(String),
    /// May have been sent: the request was on its way. Must never be sent again.
    #[error("{0}")]
    Unknown(String),
}

/// What a failed `SendEmail` from `sender` to `recipient` means. When in doubt it is [`Failure::Unknown`].
pub(crate) fn classify<E>(error: SdkError<E, HttpResponse>, recipient: &str, sender: &str) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(context) => {
            let answer = context.err();
            Answer {
                status: context.raw().status().as_u16(),
                code: answer.code().unwrap_or_default(),
                message: answer.message().unwrap_or_default(),
            }
            .classify(recipient, sender)
        }
        // An answer that cannot be read is judged by its status.
        SdkError::ResponseError(context) => {
            let status = context.raw().status().as_u16();
            Answer { status, code: "", message: "" }.classify(recipient, sender)
        }
        SdkError::TimeoutError(_) => Failure::Unknown("SES did not answer in time".into()),
        SdkError::ConstructionFailure(_) => Failure::Account("the request to SES could not be made".into()),
        // Before the connection: whoever provides credentials has connections of their own.
        _ if source::<CredentialsError>(&error).is_some() => Failure::Account("no credentials for SES".into()),
        // Name, TCP or TLS: a request is written only to what is connected.
        _ if source::<legacy::Error>(&error).is_some_and(legacy::Error::is_connect) => {
            Failure::NotSent("no connection to SES".into())
        }
        _ => Failure::Unknown("the connection to SES was lost".into()),
    }
}

/// What SES answered.
struct Answer<'a> {
    status: u16,
    /// The name of the exception; may be empty.
    code: &'a str,
    message: &'a str,
}

impl Answer<'_> {
    /// A 4xx is certainly not sent. Of those, only what SES says of a message is held against it; what nobody knows yet rather
    /// is the account's, where it is repeated and somebody is told.
    fn classify(&self, recipient: &str, sender: &str) -> Failure {
        let says = |text: &str| self.message.to_ascii_lowercase().contains(text);
        let reason = self.reason();
        match self.code {
            _ if !(400..500).contains(&self.status) || self.status == 408 => Failure::Unknown(reason),
            // It comes as throttling, but lasts for hours.
            _ if says("daily message quota") => Failure::Account(reason),
            "TooManyRequestsException"
            | "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException" => Failure::NotSent(reason),
            _ if self.status == 429 => Failure::NotSent(reason),
            "MessageRejected" if says("not verified") && !self.is_only_about(recipient, sender) => {
                Failure::Account(reason)
            }
            "MessageRejected" if says("suspended") || says("paused") => Failure::Account(reason),
            "BadRequestException" | "ValidationException" if says("configuration set") => Failure::Account(reason),
            "MessageRejected" | "BadRequestException" | "ValidationException" => Failure::Refused(reason),
            _ if self.status == 413 => Failure::Refused(reason),
            _ => Failure::Account(reason),
        }
    }

    /// Whether the identities that are not verified are the recipient alone, as in the sandbox: `Email address is not
    /// verified. The following identities failed the check in region EU-WEST-1: a@example.com, b@example.com`.
    fn is_only_about(&self, recipient: &str, sender: &str) -> bool {
        let identities = self.message.rsplit_once(": ").map_or("", |(_, identities)| identities);
        let is_recipient = |identity: &str| identity.trim().eq_ignore_ascii_case(recipient);
        identities.split(',').all(is_recipient) && !recipient.eq_ignore_ascii_case(sender)
    }

    /// `MessageRejected: Email address is not verified.` without the names of resources, which hold the account's number.
    fn reason(&self) -> String {
        let code = match self.code {
            "" => format!("SES answered {}", self.status),
            code => code.to_owned(),
        };
        let named = |word: &&str| !word.contains("arn:");
        let message = self.message.split_whitespace().filter(named).collect::<Vec<_>>().join(" ");
        let separator = if message.is_empty() { "" } else { ": " };
        plain::one_line(&format!("{code}{separator}{message}"), REASON_LENGTH)
    }
}

/// The first of this type among an error's causes.
fn source<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(error.source(), |&cause| cause.source()).find_map(|cause| cause.downcast_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: &str, message: &str) -> Failure {
        Answer { status, code, message }.classify("to@example.com", "from@example.com")
    }

    #[test]
    fn throttling_passes_and_a_quota_does_not() {
        for (status, code) in [(429, "TooManyRequestsException"), (400, "ThrottlingException"), (429, "")] {
            assert!(matches!(answer(status, code, "Maximum sending rate exceeded."), Failure::NotSent(_)), "{code}");
        }
        let quota = answer(429, "TooManyRequestsException", "Daily message quota exceeded.");
        assert_eq!(quota, Failure::Account("TooManyRequestsException: Daily message quota exceeded.".into()));
        assert!(matches!(answer(400, "LimitExceededException", ""), Failure::Account(_)));
    }

    #[test]
    fn an_unverified_identity_is_whose_it_is() {
        let unverified = |identities: &str| {
            let text = "Email address is not verified. The following identities failed the check in region EU-WEST-1: ";
            answer(400, "MessageRejected", &format!("{text}{identities}"))
        };
        assert!(matches!(unverified("To@example.com"), Failure::Refused(_)), "the sandbox");
        assert!(matches!(unverified("from@example.com"), Failure::Account(_)));
        assert!(matches!(unverified("to@example.com, from@example.com"), Failure::Account(_)));
        assert!(matches!(unverified("Callmetry <from@example.com>"), Failure::Account(_)));
        let bare = answer(400, "MessageRejected", "Email address is not verified.");
        assert!(matches!(bare, Failure::Account(_)), "it does not say whose");
        let same = Answer { status: 400, code: "MessageRejected", message: "not verified: a@example.com" };
        assert!(matches!(same.classify("a@example.com", "a@example.com"), Failure::Account(_)));
    }

    #[test]
    fn what_holds_every_message_back_is_not_held_against_one() {
        for (status, code, message) in [
            (400, "AccountSuspendedException", "Account suspended"),
            (400, "SendingPausedException", "Sending is paused"),
            (400, "MailFromDomainNotVerifiedException", "MAIL FROM domain is not verified"),
            (400, "MessageRejected", "Sending suspended for this account."),
            (400, "MessageRejected", "Sending paused for this account."),
            (404, "NotFoundException", "Configuration set <digests> does not exist."),
            (400, "BadRequestException", "Configuration set name is not valid"),
            (403, "AccessDeniedException", "not authorized"),
            (403, "ExpiredTokenException", "The security token included in the request is expired"),
            (403, "UnrecognizedClientException", "The security token included in the request is invalid"),
            (403, "InvalidSignatureException", "Signature expired"),
            (403, "", ""),
            (404, "", ""),
            (400, "SomethingNewException", ""),
        ] {
            assert!(matches!(answer(status, code, message), Failure::Account(_)), "{code}: {message}");
        }
    }

    #[test]
    fn a_message_is_refused_for_good() {
        for (status, code, message) in [
            (400, "MessageRejected", "Address blacklisted."),
            (400, "BadRequestException", "Domain contains illegal character"),
            (413, "", ""),
        ] {
            assert!(matches!(answer(status, code, message), Failure::Refused(_)), "{code}: {message}");
        }
    }

    #[test]
    fn what_is_no_refusal_may_have_been_sent() {
        for (status, code) in [(500, "InternalFailure"), (503, "ThrottlingException"), (504, ""), (200, ""), (408, "")]
        {
            assert!(matches!(answer(status, code, "Daily message quota exceeded"), Failure::Unknown(_)), "{status}");
        }
    }

    #[test]
    fn a_reason_is_short_and_names_no_resource() {
        let message = "User: arn:aws:sts::123456789012:assumed-role/claim/x is not authorized to perform `ses:SendEmail' \
                       on resource `arn:aws:ses:eu-west-1:123456789012:identity/example.com'";
        let told = "AccessDeniedException: User: is not authorized to perform `ses:SendEmail' on resource";
        assert_eq!(answer(403, "AccessDeniedException", message), Failure::Account(told.into()));
        assert_eq!(answer(403, "", ""), Failure::Account("SES answered 403".into()));
        assert_eq!(answer(400, "X", &"ä".repeat(9_000)).to_string().chars().count(), REASON_LENGTH);
    }
}
