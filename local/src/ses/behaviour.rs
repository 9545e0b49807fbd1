//! What can be wrong with SES, for tests to set while it runs.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Refusal;

/// How SES behaves. By default it accepts at once.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// What each call takes longer, before it has any effect.
    pub delay: Duration,
    /// Every so many calls, counted from when this behaviour was set, and what is wrong with them then. The first that
    /// applies is taken.
    pub faults: Vec<(u32, Fault)>,
    /// Addresses that are `MessageRejected`, in lower case.
    pub rejects: BTreeSet<String>,
}

/// What is wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429: the sending rate.
    Throttled,
    /// 429: the daily quota.
    QuotaUsedUp,
    /// 400 `LimitExceededException`.
    LimitExceeded,
    /// 400: sending is paused for the account or the configuration set.
    SendingPaused,
    /// 400: the account may not send any more.
    AccountSuspended,
    /// 400: the MAIL FROM domain is not verified.
    MailFromNotVerified,
    /// 403: the caller's role may not send.
    AccessDenied,
    /// 500, and nothing was accepted.
    FailsUnsent,
    /// 500, although the message was accepted.
    FailsSent,
    /// No answer, and nothing was accepted.
    HangsUnsent,
    /// No answer, although the message was accepted.
    HangsSent,
    /// The message was accepted, and the connection is closed without an answer.
    LosesAnswer,
}

impl Behaviour {
    /// This fault in every so many calls.
    pub fn every(calls: u32, fault: Fault) -> Self {
        Self { faults: vec![(calls, fault)], ..Self::default() }
    }

    /// What is wrong with the call of this number, the first being 1.
    pub(super) fn fault_of(&self, call: u32) -> Option<Fault> {
        self.faults.iter().find(|(every, _)| call.is_multiple_of(*every)).map(|(_, fault)| *fault)
    }
}

impl Fault {
    /// The error that SES answers instead of looking at the message.
    pub(super) fn refusal(self) -> Option<Refusal> {
        Some(match self {
            Self::Throttled => Refusal::new(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
            Self::QuotaUsedUp => Refusal::new(429, "TooManyRequestsException", "Daily message quota exceeded."),
            Self::LimitExceeded => Refusal::new(
                400,
                "LimitExceededException",
                "There are too many instances of the specified resource type.",
            ),
            Self::SendingPaused => {
                Refusal::new(400, "SendingPausedException", "Email sending is disabled for this account.")
            }
            Self::AccountSuspended => {
                Refusal::new(400, "AccountSuspendedException", "Your account has been suspended.")
            }
            Self::MailFromNotVerified => {
                Refusal::new(400, "MailFromDomainNotVerifiedException", "The MAIL FROM domain is not verified.")
            }
            Self::AccessDenied => Refusal::new(
                403,
                "AccessDeniedException",
                "User is not authorized to perform: ses:SendEmail because no identity-based policy allows the action",
            ),
            Self::FailsUnsent => Refusal::internal(),
            Self::FailsSent | Self::HangsUnsent | Self::HangsSent | Self::LosesAnswer => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fault_that_applies_is_taken() {
        let behaviour =
            Behaviour { faults: vec![(2, Fault::Throttled), (3, Fault::FailsSent)], ..Behaviour::default() };
        let faults: Vec<_> = (1..=6).map(|call| behaviour.fault_of(call)).collect();
        let (throttled, fails) = (Some(Fault::Throttled), Some(Fault::FailsSent));
        assert_eq!(faults, [None, throttled, fails, throttled, None, throttled]);
    }
}
