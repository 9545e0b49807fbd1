//! Links that take a recipient off a schedule: ids only, never an address, and they do not expire.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_access::TenantScope;
use uuid::Uuid;

use crate::key::{BadLink, Key, KeyId};

pub(crate) const PURPOSE: &[u8] = b"unsubscribe";

/// Who does not want a digest any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscription {
    /// The schedule's tenant.
    pub tenant: TenantScope,
    /// The recipient, who is one of one schedule.
    pub recipient_id: Uuid,
}

/// A token as it came in: nothing of it is to be believed yet.
pub(crate) struct Token {
    pub key_id: KeyId,
    tenant_id: Uuid,
    recipient_id: Uuid,
    mac: Vec<u8>,
}

impl Unsubscription {
    /// The path and query of the link.
    pub(crate) fn link(&self, key: &Key) -> String {
        let (tenant_id, recipient_id) = (self.tenant.id(), self.recipient_id);
        let mac = key.sign(&[tenant_id.as_bytes(), recipient_id.as_bytes()]);
        let bytes = [&key.id[..], tenant_id.as_bytes(), recipient_id.as_bytes(), mac.as_ref()].concat();
        format!("/unsubscribe?token={}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl Token {
    pub fn parse(token: &str) -> Result<Self, BadLink> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| BadLink)?;
        let (key_id, rest) = bytes.split_first_chunk::<4>().ok_or(BadLink)?;
        let (tenant, rest) = rest.split_first_chunk::<16>().ok_or(BadLink)?;
        let (recipient, mac) = rest.split_first_chunk::<16>().ok_or(BadLink)?;
        let (tenant_id, recipient_id) = (Uuid::from_bytes(*tenant), Uuid::from_bytes(*recipient));
        Ok(Self { key_id: *key_id, tenant_id, recipient_id, mac: mac.to_vec() })
    }

    pub fn check(&self, key: &Key) -> Result<Unsubscription, BadLink> {
        key.verify(&[self.tenant_id.as_bytes(), self.recipient_id.as_bytes()], &self.mac)?;
        Ok(Unsubscription { tenant: TenantScope::proven(self.tenant_id), recipient_id: self.recipient_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &Key, link: &str) -> Result<Unsubscription, BadLink> {
        let token = Token::parse(link.strip_prefix("/unsubscribe?token=").ok_or(BadLink)?)?;
        if token.key_id == key.id { token.check(key) } else { Err(BadLink) }
    }

    #[test]
    fn a_link_is_good_for_its_recipient_and_no_other() {
        let key = Key::derive("secret", PURPOSE).expect("a key");
        let unsubscription =
            Unsubscription { tenant: TenantScope::proven(Uuid::from_u128(1)), recipient_id: Uuid::from_u128(2) };
        let good = unsubscription.link(&key);
        assert_eq!(check(&key, &good), Ok(unsubscription));
        for index in 0..good.len() {
            let mut altered = good.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("UTF-8");
            assert_eq!(check(&key, &altered), Err(BadLink), "{altered}");
        }
    }

    #[test]
    fn a_key_of_another_purpose_is_another_key() {
        let (key, other) = (Key::derive("secret", PURPOSE), Key::derive("secret", crate::file::PURPOSE));
        assert_ne!(key.expect("a key").id, other.expect("a key").id);
    }
}
