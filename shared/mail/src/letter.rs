//! A mail that is rendered but for the recipient.

use std::fmt::Display;

use askama::filters::{Html, escape};

use crate::{Attachment, Message};

/// Stands for the recipient's own link until it is known. No other text can have it: [`plain`](callmetry_render::plain) leaves
/// no control character.
pub(crate) const LINK: &str = "\0";

/// A mail that is rendered but for the recipient: [`Letter::digest`] or [`Letter::report`].
#[derive(Clone, Debug)]
pub struct Letter {
    subject: String,
    /// The text, parted where the recipient's link belongs.
    text: Vec<String>,
    /// The HTML, likewise.
    html: Vec<String>,
    attachment: Option<Attachment>,
}

impl Letter {
    /// Renders both parts, which have [`LINK`] where the recipient's own link belongs.
    pub(crate) fn new(
        subject: String,
        text: &impl Display,
        html: &impl Display,
        attachment: Option<Attachment>,
    ) -> Self {
        let parts = |rendered: String| rendered.split(LINK).map(str::to_owned).collect();
        Self { subject, text: parts(text.to_string()), html: parts(html.to_string()), attachment }
    }

    /// The mail to this recipient, who stops such mails at this URL.
    pub fn message(&self, recipient: &str, unsubscribe_url: &str) -> Message {
        Message {
            to: recipient.to_owned(),
            subject: self.subject.clone(),
            text: self.text.join(unsubscribe_url),
            html: self.html.join(&escaped(unsubscribe_url)),
            unsubscribe_url: unsubscribe_url.to_owned(),
            attachment: self.attachment.clone(),
            tags: Vec::new(),
        }
    }
}

fn escaped(text: &str) -> String {
    let Ok(safe) = escape(text, Html);
    safe.0.to_string()
}
