//! The deployment's secret and the keys that come of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use crate::token::{BadLink, File, Key, Link, PURPOSE};

/// A link made with a key that is not known makes the secret be read again, at most this often.
const RELOAD: Duration = Duration::from_secs(60);

/// Signs and checks links. The secret is `{"key": "..."}`; after a rotation links of the version before stay good.
pub struct Keys {
    client: Client,
    secret_arn: String,
    known: Mutex<Known>,
}

struct Known {
    /// The current one first.
    keys: Vec<Arc<Key>>,
    read: Instant,
}

/// The secret could not be read. The text is for logs.
#[derive(Debug, thiserror::Error)]
#[error("the signing secret: {0}")]
pub struct Unreadable(String);

#[derive(Deserialize)]
struct Secret {
    key: String,
}

impl Keys {
    /// Reads the secret.
    pub async fn read(config: &SdkConfig, secret_arn: String) -> Result<Self, Unreadable> {
        let client = Client::new(config);
        let keys = read(&client, &secret_arn).await?;
        Ok(Self { client, secret_arn, known: Mutex::new(Known { keys, read: Instant::now() }) })
    }

    /// Path and query of the link to a file that is good until `expires`, in seconds since 1970.
    pub fn link(&self, file: &File, expires: i64) -> Result<String, Unreadable> {
        let known = self.known();
        let key = known.keys.first().ok_or_else(|| Unreadable("it has no version".into()))?;
        Ok(key.link(file, expires))
    }

    /// What a link leads to, if it is good.
    pub async fn check(&self, link: &Link, now: DateTime<Utc>) -> Result<File, BadLink> {
        if let Some(key) = self.find(link) {
            return key.check(link, now);
        }
        // A process that is older than a rotation gets to know the new key.
        self.reload().await;
        self.find(link).ok_or(BadLink)?.check(link, now)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, link: &Link) -> Option<Arc<Key>> {
        self.known().keys.iter().find(|key| key.id == link.key_id).cloned()
    }

    async fn reload(&self) {
        {
            let mut known = self.known();
            if known.read.elapsed() < RELOAD {
                return;
            }
            known.read = Instant::now();
        }
        match read(&self.client, &self.secret_arn).await {
            Ok(keys) => self.known().keys = keys,
            Err(error) => tracing::warn!(%error, "the keys that are known stay"),
        }
    }
}

async fn read(client: &Client, secret_arn: &str) -> Result<Vec<Arc<Key>>, Unreadable> {
    let current = version(client, secret_arn, "AWSCURRENT").await?.ok_or_else(|| Unreadable("there is none".into()))?;
    // There is none before the first rotation.
    let previous = version(client, secret_arn, "AWSPREVIOUS").await?;
    Ok([Some(current), previous].into_iter().flatten().map(Arc::new).collect())
}

/// The key of a version; none where the secret has no such version.
async fn version(client: &Client, secret_arn: &str, stage: &str) -> Result<Option<Key>, Unreadable> {
    let answer = client.get_secret_value().secret_id(secret_arn).version_stage(stage).send().await;
    let answer = match answer {
        Err(error) if error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) => {
            return Ok(None);
        }
        answer => answer.map_err(|error| Unreadable(DisplayErrorContext(error).to_string()))?,
    };
    // The error of the parser would quote the secret.
    let secret: Secret = serde_json::from_str(answer.secret_string().unwrap_or_default())
        .map_err(|_| Unreadable("it is not {\"key\": \"...\"}".into()))?;
    derive(&secret.key).map(Some).map_err(|Unspecified| Unreadable("no key could be derived".into()))
}

/// The key of our one purpose so far, and a name for it that tells nothing of it.
fn derive(secret: &str) -> Result<Key, Unspecified> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"callmetry links").extract(secret.as_bytes());
    let key = hmac::Key::from(extracted.expand(&[PURPOSE], hmac::HMAC_SHA256)?);
    let name = hmac::sign(&key, b"key id");
    let (id, _) = name.as_ref().split_first_chunk::<4>().ok_or(Unspecified)?;
    Ok(Key { id: *id, key })
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
        parse(link).and_then(|link| key.check(&link, at(now)))
    }

    #[test]
    fn a_link_is_good_for_its_file_until_it_expires() {
        let key = derive("secret").expect("a key");
        let link = key.link(&file(), 1_000);
        assert_eq!(check(&key, &link, 999), Ok(file()));
        assert_eq!(check(&key, &link, 1_000), Err(BadLink));
        assert_eq!(check(&key, &link.replace("1000", "1001"), 999), Err(BadLink));
        assert_eq!(check(&key, &link.replace(".csv", ".pdf"), 999), Err(BadLink));
        let other = derive("another").expect("a key");
        assert_ne!(other.id, key.id);
        assert_eq!(check(&other, &link, 999), Err(BadLink));
    }

    #[test]
    fn an_altered_link_is_not_good() {
        let key = derive("secret").expect("a key");
        let good = key.link(&file(), 1_000);
        for index in 0..good.len() {
            let mut altered = good.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("UTF-8");
            // Another key's id leads to no key at all.
            let found = parse(&altered)
                .and_then(|link| if link.key_id == key.id { key.check(&link, at(0)) } else { Err(BadLink) });
            assert_eq!(found, Err(BadLink), "{altered}");
        }
        for bad in [("x", "", ""), ("x.csv", "AAAA", "1"), ("x.csv", "ñ", "1"), ("x.csv", "", "1e9"), ("", "", "")] {
            assert!(Link::parse(bad.0, bad.1, bad.2).is_err(), "{bad:?}");
        }
    }
}
