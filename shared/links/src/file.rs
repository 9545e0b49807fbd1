//! Links to files: made, taken apart, checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_access::TenantScope;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::key::{BadLink, Key, KeyId};

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The report's tenant.
    pub tenant: TenantScope,
    /// The report, `rpt_...`.
    pub report_id: String,
    /// `csv`, `pdf` or `json`.
    pub extension: String,
}

pub(crate) const PURPOSE: &[u8] = b"report file";

/// A link as it came in: nothing of it is to be believed yet.
pub struct Link {
    pub(crate) key_id: KeyId,
    tenant_id: Uuid,
    report_id: String,
    extension: String,
    expires: i64,
    mac: Vec<u8>,
}

impl File {
    /// The path and query of the link to it that is good until `expires`, in seconds since 1970.
    pub(crate) fn link(&self, key: &Key, expires: i64) -> String {
        let (tenant_id, seconds) = (self.tenant.id(), expires.to_be_bytes());
        let mac = key.sign(&[tenant_id.as_bytes(), self.report_id.as_bytes(), self.extension.as_bytes(), &seconds]);
        let token = URL_SAFE_NO_PAD.encode([&key.id[..], tenant_id.as_bytes(), mac.as_ref()].concat());
        format!("/signed/{}.{}?token={token}&expires={expires}", self.report_id, self.extension)
    }
}

impl Link {
    /// First the MAC, in constant time, then the expiry.
    pub(crate) fn check(&self, key: &Key, now: DateTime<Utc>) -> Result<File, BadLink> {
        let seconds = self.expires.to_be_bytes();
        let parts = [self.tenant_id.as_bytes(), self.report_id.as_bytes(), self.extension.as_bytes(), &seconds[..]];
        key.verify(&parts, &self.mac)?;
        if now.timestamp() >= self.expires {
            return Err(BadLink);
        }
        let tenant = TenantScope::proven(self.tenant_id);
        Ok(File { tenant, report_id: self.report_id.clone(), extension: self.extension.clone() })
    }

    /// From the last part of the path, `{report_id}.{extension}`, and the query's `token` and `expires`.
    pub fn parse(file: &str, token: &str, expires: &str) -> Result<Self, BadLink> {
        let (report_id, extension) = file.split_once('.').ok_or(BadLink)?;
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| BadLink)?;
        let (key_id, rest) = bytes.split_first_chunk::<4>().ok_or(BadLink)?;
        let (tenant, mac) = rest.split_first_chunk::<16>().ok_or(BadLink)?;
        Ok(Self {
            key_id: *key_id,
            tenant_id: Uuid::from_bytes(*tenant),
            report_id: report_id.to_owned(),
            extension: extension.to_owned(),
            expires: expires.parse().map_err(|_| BadLink)?,
            mac: mac.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use callmetry_access::TenantScope;
    use uuid::Uuid;

    use super::*;

    fn file() -> File {
        File {
            tenant: TenantScope::proven(Uuid::from_u128(1)),
            report_id: "rpt_0123456789abcdef".into(),
            extension: "csv".into(),
        }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    /// As a client sends it back.
    fn parse(link: &str) -> Result<Link, BadLink> {
        let (path, query) = link.split_once("?token=").ok_or(BadLink)?;
        let (token, expires) = query.split_once("&expires=").ok_or(BadLink)?;
        Link::parse(path.strip_prefix("/signed/").ok_or(BadLink)?, token, expires)
    }

    fn check(key: &Key, link: &str, now: i64) -> Result<File, BadLink> {
        parse(link).and_then(|link| link.check(key, at(now)))
    }

    #[test]
    fn a_link_is_good_for_its_file_until_it_expires() {
        let key = Key::derive("secret", PURPOSE).expect("a key");
        let link = file().link(&key, 1_000);
        assert_eq!(check(&key, &link, 999), Ok(file()));
        assert_eq!(check(&key, &link, 1_000), Err(BadLink));
        assert_eq!(check(&key, &link.replace("1000", "1001"), 999), Err(BadLink));
        assert_eq!(check(&key, &link.replace(".csv", ".pdf"), 999), Err(BadLink));
        let other = Key::derive("another", PURPOSE).expect("a key");
        assert_ne!(other.id, key.id);
        assert_eq!(check(&other, &link, 999), Err(BadLink));
    }

    #[test]
    fn an_altered_link_is_not_good() {
        let key = Key::derive("secret", PURPOSE).expect("a key");
        let good = file().link(&key, 1_000);
        for index in 0..good.len() {
            let mut altered = good.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("UTF-8");
            // Another key's id leads to no key at all.
            let found = parse(&altered)
                .and_then(|link| if link.key_id == key.id { link.check(&key, at(0)) } else { Err(BadLink) });
            assert_eq!(found, Err(BadLink), "{altered}");
        }
        for bad in [("x", "", ""), ("x.csv", "AAAA", "1"), ("x.csv", "ñ", "1"), ("x.csv", "", "1e9"), ("", "", "")] {
            assert!(Link::parse(bad.0, bad.1, bad.2).is_err(), "{bad:?}");
        }
    }
}
