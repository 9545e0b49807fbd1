//! Links: made, taken apart, and checked in constant time.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_access::TenantScope;
use chrono::{DateTime, Utc};
use uuid::Uuid;

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

/// The link was altered, was made with a key that is no longer known, or has expired. Nobody is told which.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLink;

/// Which of the deployment's keys made a link.
pub(crate) type KeyId = [u8; 4];

pub(crate) const PURPOSE: &[u8] = b"report file";

/// A key of one purpose.
pub(crate) struct Key {
    pub id: KeyId,
    pub key: hmac::Key,
}

/// A link as it came in: nothing of it is to be believed yet.
pub struct Link {
    pub(crate) key_id: KeyId,
    tenant_id: Uuid,
    report_id: String,
    extension: String,
    expires: i64,
    mac: Vec<u8>,
}

fn message(tenant_id: Uuid, report_id: &str, extension: &str, expires: i64) -> Vec<u8> {
    let expires = expires.to_be_bytes();
    let parts: [&[u8]; 5] = [PURPOSE, tenant_id.as_bytes(), report_id.as_bytes(), extension.as_bytes(), &expires];
    let mut message = Vec::new();
    for part in parts {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend(part);
    }
    message
}

impl Key {
    /// The path and query of the link to a file that is good until `expires`, in seconds since 1970.
    pub fn link(&self, file: &File, expires: i64) -> String {
        let mac = hmac::sign(&self.key, &message(file.tenant.id(), &file.report_id, &file.extension, expires));
        let mut bytes = self.id.to_vec();
        bytes.extend(file.tenant.id().as_bytes());
        bytes.extend(mac.as_ref());
        let token = URL_SAFE_NO_PAD.encode(bytes);
        format!("/signed/{}.{}?token={token}&expires={expires}", file.report_id, file.extension)
    }

    /// First the MAC, in constant time, then the expiry.
    pub fn check(&self, link: &Link, now: DateTime<Utc>) -> Result<File, BadLink> {
        let message = message(link.tenant_id, &link.report_id, &link.extension, link.expires);
        hmac::verify(&self.key, &message, &link.mac).map_err(|_| BadLink)?;
        if now.timestamp() >= link.expires {
            return Err(BadLink);
        }
        let tenant = TenantScope::proven(link.tenant_id);
        Ok(File { tenant, report_id: link.report_id.clone(), extension: link.extension.clone() })
    }
}

impl Link {
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
