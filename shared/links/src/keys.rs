//! The deployment's secret and the keys that come of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use crate::key::{BadLink, Key, KeyId};
use crate::unsubscribe::{Token, Unsubscription};
use crate::{File, Link, file, unsubscribe};

/// A link made with a key that is not known makes the secret be read again, at most this often.
const RELOAD: Duration = Duration::from_secs(60);

/// Signs and checks links. The secret is `{"key": "..."}`; after a rotation links of the version before stay good.
pub struct Keys {
    client: Client,
    secret_arn: String,
    known: Mutex<Known>,
}

struct Known {
    versions: Versions,
    read: Instant,
}

/// The versions of the secret.
struct Versions {
    current: Arc<Version>,
    /// There is none before the first rotation.
    previous: Option<Arc<Version>>,
}

/// The keys of a version of the secret, one a purpose.
struct Version {
    files: Key,
    unsubscribe: Key,
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
        let versions = read(&client, &secret_arn).await?;
        Ok(Self { client, secret_arn, known: Mutex::new(Known { versions, read: Instant::now() }) })
    }

    /// Path and query of the link to a file that is good until `expires`, in seconds since 1970.
    pub fn link(&self, file: &File, expires: i64) -> String {
        file.link(&self.known().versions.current.files, expires)
    }

    /// The address of a file below `base_url` that is good for so long, and until when that is, in whole seconds.
    pub fn file_url(
        &self,
        base_url: &str,
        file: &File,
        now: DateTime<Utc>,
        good_for: TimeDelta,
    ) -> (String, DateTime<Utc>) {
        let expires = now.trunc_subsecs(0) + good_for;
        (format!("{base_url}{}", self.link(file, expires.timestamp())), expires)
    }

    /// What a link leads to, if it is good.
    pub async fn check(&self, link: &Link, now: DateTime<Utc>) -> Result<File, BadLink> {
        let version = self.version(|version| &version.files, link.key_id).await?;
        link.check(&version.files, now)
    }

    /// Path and query of the link by which a recipient leaves a schedule.
    pub fn unsubscribe_link(&self, unsubscription: &Unsubscription) -> String {
        unsubscription.link(&self.known().versions.current.unsubscribe)
    }

    /// Who leaves, if the token of such a link is good.
    pub async fn check_unsubscribe(&self, token: &str) -> Result<Unsubscription, BadLink> {
        let token = Token::parse(token)?;
        let version = self.version(|version| &version.unsubscribe, token.key_id).await?;
        token.check(&version.unsubscribe)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version whose key of a purpose made a link.
    async fn version(&self, purpose: fn(&Version) -> &Key, id: KeyId) -> Result<Arc<Version>, BadLink> {
        let find = || {
            let Versions { current, previous } = &self.known().versions;
            std::iter::once(current).chain(previous).find(|version| purpose(version).id == id).cloned()
        };
        if let Some(version) = find() {
            return Ok(version);
        }
        // A process that is older than a rotation gets to know the new keys.
        self.reload().await;
        find().ok_or(BadLink)
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
            Ok(versions) => self.known().versions = versions,
            Err(error) => tracing::warn!(%error, "the keys that are known stay"),
        }
    }
}

async fn read(client: &Client, secret_arn: &str) -> Result<Versions, Unreadable> {
    let current = version(client, secret_arn, "AWSCURRENT").await?.ok_or_else(|| Unreadable("there is none".into()))?;
    let previous = version(client, secret_arn, "AWSPREVIOUS").await?;
    Ok(Versions { current: Arc::new(current), previous: previous.map(Arc::new) })
}

/// The keys of a version; none where the secret has no such version.
async fn version(client: &Client, secret_arn: &str, stage: &str) -> Result<Option<Version>, Unreadable> {
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
    let key = |purpose| Key::derive(&secret.key, purpose).map_err(|_| Unreadable("no key could be derived".into()));
    Ok(Some(Version { files: key(file::PURPOSE)?, unsubscribe: key(unsubscribe::PURPOSE)? }))
}
