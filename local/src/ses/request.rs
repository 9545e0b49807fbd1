//! What `SendEmail` is asked, and what SES checks of it.

use serde::Deserialize;

use super::{Account, Refusal};

/// Of a message, To, Cc and Bcc together.
const MOST_RECIPIENTS: usize = 50;
/// Of the caller's own.
const MOST_HEADERS: usize = 15;
/// Name and value of a tag.
const LONGEST_TAG: usize = 256;
const LONGEST_HEADER_NAME: usize = 126;
const LONGEST_HEADER_VALUE: usize = 870;
/// Headers that SES makes of other fields, or writes itself.
const OWN_HEADERS: [&str; 13] = [
    "bcc",
    "cc",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
];

/// The request. A field that the service has and this does not know is refused rather than ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SendEmail {
    pub from_email_address: Option<String>,
    #[serde(default)]
    pub destination: Destination,
    #[serde(default)]
    pub reply_to_addresses: Vec<String>,
    content: Option<Content>,
    pub configuration_set_name: Option<String>,
    /// What published events of the message have.
    #[serde(default)]
    pub email_tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Tag {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub struct Destination {
    pub to_addresses: Vec<String>,
    pub cc_addresses: Vec<String>,
    pub bcc_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Message {
    pub subject: Text,
    pub body: Body,
    #[serde(default)]
    pub headers: Vec<Header>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Body {
    pub text: Option<Text>,
    pub html: Option<Text>,
}

/// A text and its character set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Text {
    data: String,
    charset: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Header {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Attachment {
    /// In base64, as the protocol has bytes.
    pub raw_content: String,
    pub file_name: String,
    pub content_type: Option<String>,
    #[serde(rename = "ContentDisposition")]
    _disposition: Option<Disposition>,
    /// Of the mail. The service's default, `SEVEN_BIT`, spoils what is not ASCII in short lines, so it must be given here.
    #[serde(rename = "ContentTransferEncoding")]
    _transfer_encoding: TransferEncoding,
}

/// The only one that is known here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Disposition {
    Attachment,
}

/// The only one that is known here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum TransferEncoding {
    Base64,
}

impl SendEmail {
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::bad_request(format!("not understood here: {error}")))
    }

    /// The content, which [`Self::check`] has found to be there.
    pub fn message(&self) -> Result<&Message, Refusal> {
        let content = self.content.as_ref().ok_or_else(|| Refusal::bad_request("Content is missing."))?;
        content.simple.as_ref().ok_or_else(|| Refusal::bad_request("Only Simple content is known here."))
    }

    /// The address of the sender, as it is written.
    pub fn sender(&self) -> Result<&str, Refusal> {
        let sender = self.from_email_address.as_deref().filter(|sender| !sender.is_empty());
        bare(sender.ok_or_else(|| Refusal::bad_request("FromEmailAddress is missing."))?)
    }

    /// Refuses what SES would refuse; else the recipients, as bare addresses in lower case.
    pub fn check(&self, account: &Account) -> Result<Vec<String>, Refusal> {
        let message = self.message()?;
        message.check()?;
        self.email_tags.iter().try_for_each(Tag::check)?;
        let sender = self.sender()?.to_lowercase();
        for address in &self.reply_to_addresses {
            bare_address(address)?;
        }
        let Destination { to_addresses, cc_addresses, bcc_addresses } = &self.destination;
        let recipients: Vec<String> = [to_addresses, cc_addresses, bcc_addresses]
            .into_iter()
            .flatten()
            .map(|address| bare_address(address))
            .collect::<Result<_, _>>()?;
        if recipients.is_empty() {
            return Err(Refusal::bad_request("Destination has no recipient."));
        }
        if recipients.len() > MOST_RECIPIENTS {
            return Err(Refusal::bad_request(format!("Recipient count exceeds {MOST_RECIPIENTS}.")));
        }
        if let Some(name) = &self.configuration_set_name
            && !account.configuration_sets.contains(name)
        {
            let message = format!("Configuration set <{name}> does not exist.");
            return Err(Refusal::new(404, "NotFoundException", message));
        }
        if account.identity_of(&sender).is_none() {
            return Err(Refusal::not_verified(&sender));
        }
        Ok(recipients)
    }
}

impl Account {
    /// The identity that an address is of: itself, its domain, or a domain that this one is part of.
    pub fn identity_of(&self, address: &str) -> Option<&str> {
        let address = address.to_lowercase();
        let (_, domain) = address.rsplit_once('@').unwrap_or_default();
        let is_of = |identity: &&String| {
            let identity = identity.to_lowercase();
            let parent = domain.strip_suffix(&identity).is_some_and(|rest| rest.ends_with('.'));
            identity == address || identity == domain || parent
        };
        self.identities.iter().find(is_of).map(String::as_str)
    }
}

impl Tag {
    /// ASCII letters, digits, `_` and `-`; of a value also `.` and `@`.
    fn check(&self) -> Result<(), Refusal> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let is_name = self.name.chars().all(is_plain);
        let is_value = self.value.chars().all(|letter| is_plain(letter) || letter == '.' || letter == '@');
        let lengths = [self.name.len(), self.value.len()];
        if !is_name || !is_value || lengths.iter().any(|length| !(1..=LONGEST_TAG).contains(length)) {
            return Err(Refusal::bad_request(format!("The tag {} is not well-formed.", self.name)));
        }
        Ok(())
    }
}

impl Message {
    fn check(&self) -> Result<(), Refusal> {
        if self.body.text.is_none() && self.body.html.is_none() {
            return Err(Refusal::bad_request("Body has neither Text nor Html."));
        }
        for text in [Some(&self.subject), self.body.text.as_ref(), self.body.html.as_ref()].into_iter().flatten() {
            text.check()?;
        }
        if self.headers.len() > MOST_HEADERS {
            return Err(Refusal::bad_request(format!("There are more than {MOST_HEADERS} headers.")));
        }
        self.headers.iter().try_for_each(Header::check)
    }
}

impl Text {
    fn check(&self) -> Result<(), Refusal> {
        match self.charset.as_deref().map(str::to_uppercase).as_deref() {
            None | Some("UTF-8" | "US-ASCII") => Ok(()),
            Some(_) => Err(Refusal::bad_request("Only the character sets UTF-8 and US-ASCII are known here.")),
        }
    }

    /// What arrives: without a character set a text has to be ASCII, and what is not becomes question marks.
    pub fn received(&self) -> String {
        let is_unicode = self.charset.as_deref().is_some_and(|charset| charset.eq_ignore_ascii_case("UTF-8"));
        if is_unicode {
            return self.data.clone();
        }
        self.data.chars().map(|char| if char.is_ascii() { char } else { '?' }).collect()
    }
}

impl Header {
    fn check(&self) -> Result<(), Refusal> {
        let Self { name, value } = self;
        let is_name = name.bytes().all(|byte| matches!(byte, b'!'..=b'9' | b';'..=b'~'));
        if !is_name || !(1..=LONGEST_HEADER_NAME).contains(&name.len()) {
            return Err(Refusal::bad_request(format!(
                "A header's name must be 1 to {LONGEST_HEADER_NAME} printable ASCII characters other than a colon."
            )));
        }
        let is_value = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !is_value || !(1..=LONGEST_HEADER_VALUE).contains(&value.len()) {
            return Err(Refusal::bad_request(format!(
                "The value of the header {name} must be 1 to {LONGEST_HEADER_VALUE} printable ASCII characters."
            )));
        }
        if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return Err(Refusal::bad_request(format!("The header {name} is made of other fields.")));
        }
        Ok(())
    }
}

/// The address of `Name <address>` or of itself, in lower case. SES takes ASCII only: a name is encoded as RFC 2047 has it
/// and a domain as Punycode, by the caller; a local part that is not ASCII cannot be had at all.
fn bare_address(field: &str) -> Result<String, Refusal> {
    bare(field).map(str::to_lowercase)
}

fn bare(field: &str) -> Result<&str, Refusal> {
    if !field.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Refusal::bad_request("Local address contains control or whitespace"));
    }
    let address = match field.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or_else(|| Refusal::bad_request("Missing '>'"))?,
        None => field,
    };
    let (local, domain) = address.split_once('@').ok_or_else(|| Refusal::bad_request("Missing final '@domain'"))?;
    let is_local = (1..=64).contains(&local.len()) && !local.contains([' ', ',', ';', '<', '>', '"']);
    let is_domain = domain.split('.').count() > 1
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    if !is_local || !is_domain {
        return Err(Refusal::bad_request("Illegal address"));
    }
    Ok(address)
}
