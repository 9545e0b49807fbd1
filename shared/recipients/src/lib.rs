//! Recipients of mail: which text is an address that SES takes.
//!
//! A crate of its own, so that what only checks an address does not link what sends to it.
#![warn(missing_docs)]

use std::fmt;

use email_address::{EmailAddress, Options};

/// The longest address: a path is at most 256 octets with its angle brackets (RFC 5321, 4.5.3.1.3; erratum 1690 of RFC 3696).
pub const MAX_LENGTH: usize = 254;

/// An e-mail address as SES takes it: `local@domain`, ASCII, without a display name.
///
/// Equal are those of the same spelling; whether two are the same recipient is told by their [`key`](Self::key).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// Reads an address, nothing before or after it. The error is for whoever wrote it and follows the name of a field.
    ///
    /// SES takes no local part that is not ASCII, and such a domain in Punycode only (`Destination` of its API v2). A quoted
    /// local part, a domain of one label and an IP address in place of a domain are refused too: nobody has them, and typing
    /// errors look like them.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
        if !local.is_ascii() {
            return Err("must have only ASCII characters before the @: SES takes no others there");
        }
        if !domain.is_ascii() {
            return Err("must have a domain in ASCII: write other characters in Punycode (xn--...)");
        }
        if text.len() > MAX_LENGTH {
            return Err("must be at most 254 characters");
        }
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        let parsed = EmailAddress::parse_with_options(text, options).ok();
        match parsed.filter(|address| !address.local_part().starts_with('"') && is_host_name(address.domain())) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err("must be an e-mail address such as name@example.com"),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one recipient have in common: the address in lower case. By the RFC a local part may tell case
    /// apart; no provider does.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Labels of letters, digits and inner hyphens, the last one not a number (RFC 1123, 2.1): the mail grammar alone would let
/// `a@b!.com` and `a@127.0.0.1` through.
fn is_host_name(domain: &str) -> bool {
    let is_label = |label: &str| {
        label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_every_day() {
        for text in [
            "name@example.com",
            "First.Last+tag@sub.example.co.uk",
            "o'neil@example.com",
            "x@xn--mnchen-3ya.example",
            "1@2.example",
        ] {
            assert_eq!(Address::parse(text).expect(text).as_str(), text);
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "name",
            "@example.com",
            "name@",
            "name@localhost",
            "name@@example.com",
            "a@b@example.com",
            "name@example..com",
            "name@.example.com",
            "name@example.com.",
            "name@-example.com",
            "name@exam_ple.com",
            "name@example!.com",
            "name@127.0.0.1",
            "name@[127.0.0.1]",
            ".name@example.com",
            "na..me@example.com",
            "na me@example.com",
            " name@example.com",
            "name@example.com ",
            "name@example.com\n",
            "name@example.com\r\nBcc: other@example.com",
            "name\0@example.com",
            "name@example.com,other@example.com",
            "name@example.com;other@example.com",
            "Name <name@example.com>",
            "<name@example.com>",
            "\"name\"@example.com",
            "name(comment)@example.com",
        ] {
            let told = Address::parse(text);
            assert_eq!(told, Err("must be an e-mail address such as name@example.com"), "{text:?}");
        }
    }

    #[test]
    fn other_scripts_are_told_what_to_do() {
        assert!(Address::parse("name@münchen.example").is_err_and(|told| told.contains("Punycode")));
        for text in ["jürgen@example.com", "name＠example.com"] {
            assert!(Address::parse(text).is_err_and(|told| told.contains("before the @")), "{text}");
        }
    }

    #[test]
    fn the_longest_address() {
        let label = "a".repeat(63);
        let of_length = |length: usize| format!("{label}@{label}.{label}.{}.com", "b".repeat(length - 63 * 3 - 7));
        assert_eq!(of_length(MAX_LENGTH).len(), MAX_LENGTH);
        assert!(Address::parse(&of_length(MAX_LENGTH)).is_ok());
        assert_eq!(Address::parse(&of_length(MAX_LENGTH + 1)), Err("must be at most 254 characters"));
        assert!(Address::parse(&format!("{label}aa@example.com")).is_err(), "a local part of more than 64");
    }

    #[test]
    fn spellings_of_one_recipient_have_one_key() {
        let key = |text| Address::parse(text).expect("an address").key();
        assert_eq!(key("Name@Example.COM"), key("name@example.com"));
    }

    proptest! {
        /// Whatever is taken can stand in a header and between angle brackets.
        #[test]
        fn what_is_taken_is_harmless(text in "[ -~\\r\\n\\t]{0,12}@[ -~\\r\\n]{0,12}") {
            if let Ok(address) = Address::parse(&text) {
                prop_assert!(!address.as_str().contains(|c: char| c.is_control() || " <>,;:\"()[]\\".contains(c)));
            }
        }
    }
}
