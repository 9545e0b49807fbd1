//! A mail to one recipient.

use crate::Attachment;

/// A mail to one recipient, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The recipient's address.
    pub to: String,
    /// One line, any script: SES encodes it.
    pub subject: String,
    /// The part for readers of plain text.
    pub text: String,
    /// The same for everybody else.
    pub html: String,
    /// Where the recipient stops these mails with one click (RFC 8058): takes a POST without further confirmation.
    pub unsubscribe_url: String,
    /// The file that comes with it.
    pub attachment: Option<Attachment>,
    /// Names and values, ASCII letters, digits, `_` and `-`, by which the mail service says later which message it was.
    pub tags: Vec<(&'static str, String)>,
}
