//! From whom mails come.

use callmetry_recipients::Address;
use email_encoding::headers::quoted_string;
use email_encoding::headers::writer::EmailWriter;

use callmetry_render::plain;

/// From whom mails come, as the deployment is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// `address` or `name <address>`, ASCII.
    pub(crate) from: String,
    pub(crate) address: Address,
    pub(crate) configuration_set: Option<String>,
}

impl Sender {
    /// From `address` or `Name <address>`, the name in any script, and the name of an SES configuration set. The error says
    /// what is wrong with the address.
    pub fn new(from: &str, configuration_set: Option<String>) -> Result<Self, &'static str> {
        let (name, address) = match from.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), Address::parse(address)?),
            None => ("", Address::parse(from.trim())?),
        };
        let name = encoded(name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name))?;
        let from = if name.is_empty() { address.to_string() } else { format!("{name} <{address}>") };
        Ok(Self { from, address, configuration_set })
    }
}

/// The name as a header has it: as it is, in quotes, or as RFC 2047 encodes it, for SES passes it on as it gets it.
fn encoded(name: &str) -> Result<String, &'static str> {
    let name = plain::one_line(name, plain::NAME_LENGTH);
    let mut header = String::new();
    quoted_string::encode(&name, &mut EmailWriter::new(&mut header, 0, 0, false))
        .map_err(|_| "must have a name that can be written")?;
    // A long name is folded into lines, but lines are for whoever writes the header: SES.
    Ok(header.replace("\r\n", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Result<String, &'static str> {
        Sender::new(text, None).map(|sender| sender.from)
    }

    #[test]
    fn names_are_written_as_headers_have_them() {
        assert_eq!(from("reports@example.com").as_deref(), Ok("reports@example.com"));
        assert_eq!(from(" <reports@example.com> ").as_deref(), Ok("reports@example.com"));
        assert_eq!(from("Callmetry <reports@example.com>").as_deref(), Ok("Callmetry <reports@example.com>"));
        assert_eq!(from("Acme Reports <r@example.com>").as_deref(), Ok("\"Acme Reports\" <r@example.com>"));
        assert_eq!(from("\"Acme Reports\" <r@example.com>").as_deref(), Ok("\"Acme Reports\" <r@example.com>"));
        assert_eq!(from("Büro <r@example.com>").as_deref(), Ok("=?utf-8?b?QsO8cm8=?= <r@example.com>"));
    }

    #[test]
    fn no_name_breaks_the_header() {
        for name in ["Acme, Inc.", "a\r\nBcc: x@example.com", "<x@example.com>", "Ελλάδα ".repeat(20).as_str()] {
            let from = from(&format!("{name} <r@example.com>")).expect(name);
            assert!(from.is_ascii() && !from.contains(['\r', '\n', ',']), "{from}");
            assert!(from.ends_with(" <r@example.com>") && from.matches('<').count() == 1, "{from}");
        }
    }

    #[test]
    fn a_sender_has_an_address() {
        assert!(from("Callmetry").is_err());
        assert!(from("Callmetry <nobody>").is_err());
    }
}
