//! What people enter, with errors that follow the name of a field.

use std::collections::HashSet;

use callmetry_recipients::Address;
use chrono::NaiveTime;
use chrono_tz::Tz;

use crate::Recipient;

/// How many recipients a schedule has at most.
pub const MOST_RECIPIENTS: usize = 50;

/// A local time: `HH:MM`.
pub fn time(text: &str) -> Result<NaiveTime, &'static str> {
    // The parser alone would take a space for a digit.
    let is_plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let time = is_plain.then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten();
    time.ok_or("must be HH:MM, from 00:00 to 23:59")
}

/// The IANA name of a zone.
pub fn zone(text: &str) -> Result<Tz, &'static str> {
    text.parse().map_err(
        |_| "must be the name of an IANA time zone, such as Europe/Madrid, in upper and lower case as IANA has it",
    )
}

/// Recipients of a list, each once.
#[derive(Debug, Default)]
pub struct Listing {
    keys: HashSet<String>,
}

impl Listing {
    /// The next of the list.
    pub fn recipient(&mut self, text: &str) -> Result<Recipient, &'static str> {
        let address = Address::parse(text)?;
        let key = address.key();
        if !self.keys.insert(key.clone()) {
            return Err("is listed before: upper and lower case make no difference");
        }
        Ok(Recipient { address: address.as_str().to_owned(), key })
    }
}
