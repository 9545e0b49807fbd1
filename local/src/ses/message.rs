//! The message that SES would hand on.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;

use super::request::SendEmail;
use super::{Refusal, id_domain};

/// Of a message as it is sent, encoded.
const LARGEST: usize = 40 << 20;

/// Writes it as RFC 5322 and MIME have it. Recipients of blind copies are not in it.
pub fn write(request: &SendEmail, id: &str, now: DateTime<Utc>) -> Result<Vec<u8>, Refusal> {
    let message = request.message()?;
    let mut builder = MessageBuilder::new()
        .message_id(format!("{id}@{}", id_domain()))
        .date(now.timestamp())
        .subject(message.subject.received());
    // Addresses came encoded.
    let sender = request.from_email_address.clone().unwrap_or_default();
    builder = builder.header("From", Raw::new(sender));
    for (name, addresses) in [
        ("To", &request.destination.to_addresses),
        ("Cc", &request.destination.cc_addresses),
        ("Reply-To", &request.reply_to_addresses),
    ] {
        if !addresses.is_empty() {
            builder = builder.header(name, Raw::new(addresses.join(", ")));
        }
    }
    for header in &message.headers {
        builder = builder.header(header.name.as_str(), Raw::new(header.value.as_str()));
    }
    if let Some(text) = &message.body.text {
        builder = builder.text_body(text.received());
    }
    if let Some(html) = &message.body.html {
        builder = builder.html_body(html.received());
    }
    for attachment in &message.attachments {
        let content = BASE64_STANDARD
            .decode(&attachment.raw_content)
            .map_err(|_| Refusal::bad_request("An attachment's RawContent is not base64."))?;
        let content_type = attachment.content_type.clone().unwrap_or_else(|| "application/octet-stream".into());
        builder = builder.attachment(content_type, attachment.file_name.as_str(), content);
    }
    let written = builder.write_to_vec().map_err(|error| Refusal::unavailable(&error.to_string()))?;
    if written.len() > LARGEST {
        return Err(Refusal::bad_request(format!("Message length is more than {LARGEST} bytes long.")));
    }
    Ok(written)
}
