//! API keys: `cm_`, 32 random base-62 characters, and a checksum of 6.

use std::fmt;

use sha2::{Digest, Sha256};

const PREFIX: &str = "cm_";
const RANDOM: usize = 32;
const CHECKSUM: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A well-formed key. It is a secret: it has no `Debug` or `Display` that shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key in a bearer token, if it is well-formed. A mistyped one is refused here, without waking the database.
    pub fn parse(token: &str) -> Option<Self> {
        let body = token.strip_prefix(PREFIX)?;
        if body.len() != RANDOM + CHECKSUM || !body.bytes().all(|byte| ALPHABET.contains(&byte)) {
            return None;
        }
        let (random, found) = body.split_at(RANDOM);
        (checksum(random) == found).then(|| Self(token.to_owned()))
    }

    /// A new key from the operating system's secure source: 190 bits.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let random = random_base62(RANDOM)?;
        let checksum = checksum(&random);
        Ok(Self(format!("{PREFIX}{random}{checksum}")))
    }

    /// What the database keeps: SHA-256. A slow hash adds nothing to a secret of 190 bits.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The key itself, to be shown once to whom it was made for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// So many characters of `0-9A-Za-z` from the operating system's secure source, 5.95 bits each.
pub fn random_base62(length: usize) -> Result<String, getrandom::Error> {
    let mut random = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while random.len() < length {
        getrandom::fill(&mut bytes)?;
        // 248 is the largest multiple of 62 in a byte; the rest would favour the alphabet's first characters.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| ALPHABET[usize::from(byte % 62)] as char);
        random.extend(fair.take(length - random.len()));
    }
    Ok(random)
}

/// CRC-32 in base 62, padded: it catches typing errors and is no protection.
fn checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| *digit as char).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_generated_key_is_well_formed_and_new() {
        let key = ApiKey::generate().expect("randomness");
        assert_eq!(key.reveal().len(), 41);
        assert_eq!(ApiKey::parse(key.reveal()).as_ref(), Some(&key));
        assert_ne!(ApiKey::generate().expect("randomness"), key);
        assert_eq!(format!("{key:?}"), "ApiKey(..)");
    }

    proptest! {
        #[test]
        fn a_key_with_one_character_changed_is_refused(position in 3_usize..41, replacement in 0_usize..62) {
            let key = ApiKey::generate().expect("randomness");
            let mut bytes = key.reveal().as_bytes().to_vec();
            prop_assume!(bytes[position] != ALPHABET[replacement]);
            bytes[position] = ALPHABET[replacement];
            prop_assert!(ApiKey::parse(std::str::from_utf8(&bytes).expect("ascii")).is_none());
        }

        #[test]
        fn anything_else_is_refused(text in "\\PC{0,60}") {
            prop_assert!(ApiKey::parse(&text).is_none());
        }
    }
}
