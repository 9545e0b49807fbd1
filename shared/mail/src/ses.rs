//! SES, which sends.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::Builder;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    self, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Destination, EmailContent,
    MessageHeader, MessageTag,
};

use crate::failure::{Failure, classify};
use crate::{Attachment, Message, Sender};

/// The longest that one call takes, the connection included.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest that making a connection takes: name, TCP and TLS. Well below [`PATIENCE`], so that a connection that is never
/// made is told from an answer that never comes.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);

/// Sends mails by SES.
pub struct Mailer {
    client: Client,
    sender: Sender,
}

impl Mailer {
    /// A mailer with connections of its own. To be made anew in each invocation: a connection that slept in a frozen Lambda is
    /// dead, and what is written to it is neither certainly sent nor certainly not.
    pub fn new(config: &SdkConfig, sender: Sender) -> Self {
        Self::with_patience(config, sender, PATIENCE, CONNECT_PATIENCE)
    }

    fn with_patience(config: &SdkConfig, sender: Sender, call: Duration, connect: Duration) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(call).connect_timeout(connect).build();
        let mut own = Builder::from(config)
            // `SendEmail` has no token by which SES could tell a repetition.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        // Without one that the configuration shares, each client makes its own HTTP client, and so its own connections.
        own.set_http_client(None);
        Self { client: Client::from_conf(own.build()), sender }
    }

    /// Hands a message to SES, once. Returns SES's id of it, empty in the odd case that SES takes it and does not say.
    pub async fn send(&self, message: &Message) -> Result<String, Failure> {
        let content = content(message).map_err(|error| Failure::Refused(error.to_string()))?;
        let tag = |(name, value): &(&str, String)| MessageTag::builder().name(*name).value(value).build();
        let tags: Result<Vec<_>, _> = message.tags.iter().map(tag).collect();
        let tags = tags.map_err(|error| Failure::Refused(error.to_string()))?;
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.sender.from)
            .destination(Destination::builder().to_addresses(&message.to).build())
            .content(content)
            .set_configuration_set_name(self.sender.configuration_set.clone())
            .set_email_tags(Some(tags))
            .send()
            .await;
        match sent {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) => Err(classify(error, &message.to, self.sender.address.as_str())),
        }
    }
}

fn content(message: &Message) -> Result<EmailContent, BuildError> {
    let utf8 = |text: &str| types::Content::builder().data(text).charset("UTF-8").build();
    let header = |name: &str, value: &str| MessageHeader::builder().name(name).value(value).build();
    let body = Body::builder().text(utf8(&message.text)?).html(utf8(&message.html)?).build();
    let attachment = message.attachment.as_ref().map(attachment).transpose()?;
    let simple = types::Message::builder()
        .subject(utf8(&message.subject)?)
        .body(body)
        // RFC 8058: mail programs show a button that posts the second header to the URL of the first.
        .headers(header("List-Unsubscribe", &format!("<{}>", message.unsubscribe_url))?)
        .headers(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?)
        .set_attachments(attachment.map(|file| vec![file]))
        .build();
    Ok(EmailContent::builder().simple(simple).build())
}

/// SES writes the parts of the mail. Until the request is written its bytes are those of the attachment, not a copy.
fn attachment(file: &Attachment) -> Result<types::Attachment, BuildError> {
    types::Attachment::builder()
        .file_name(file.name())
        .content_type(file.content_type)
        .content_disposition(AttachmentContentDisposition::Attachment)
        // Of the mail; else it is `SEVEN_BIT`, which no PDF survives. That of the request is for the SDK.
        .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
        .raw_content(Blob::from_maybe_shared(file.bytes.clone()))
        .build()
}

#[cfg(test)]
mod tests;
