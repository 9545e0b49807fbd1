//! A key of one purpose: signs, and checks in constant time.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};

/// The link was altered, was made with a key that is no longer known, or has expired. Nobody is told which.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLink;

/// Which of the deployment's keys made a link.
pub(crate) type KeyId = [u8; 4];

pub(crate) struct Key {
    /// A name for it that tells nothing of it.
    pub id: KeyId,
    purpose: &'static [u8],
    key: hmac::Key,
}

impl Key {
    /// The key of a purpose that comes of a secret, by HKDF (RFC 5869).
    pub fn derive(secret: &str, purpose: &'static [u8]) -> Result<Self, Unspecified> {
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"callmetry links").extract(secret.as_bytes());
        let key = hmac::Key::from(extracted.expand(&[purpose], hmac::HMAC_SHA256)?);
        let name = hmac::sign(&key, b"key id");
        let (id, _) = name.as_ref().split_first_chunk::<4>().ok_or(Unspecified)?;
        Ok(Self { id: *id, purpose, key })
    }

    pub fn sign(&self, parts: &[&[u8]]) -> hmac::Tag {
        hmac::sign(&self.key, &self.message(parts))
    }

    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> Result<(), BadLink> {
        hmac::verify(&self.key, &self.message(parts), mac).map_err(|_| BadLink)
    }

    /// Each part with its length in front, so that no two messages can be confused.
    fn message(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut message = Vec::new();
        for part in [self.purpose].iter().chain(parts) {
            message.extend((part.len() as u64).to_be_bytes());
            message.extend(*part);
        }
        message
    }
}
