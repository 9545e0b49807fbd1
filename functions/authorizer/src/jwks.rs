//! An issuer's keys: fetched when first needed, again for an unknown key id at most once a minute, and the last good set
//! is kept when a fetch fails.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use reqwest::Client;
use tokio::sync::Mutex;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(3);
/// A key set is a few kilobytes; an answer of another kind is not read to its end.
const LARGEST_SET: usize = 1 << 20;

fn pause() -> TimeDelta {
    TimeDelta::minutes(1)
}

/// The cached keys of one issuer.
#[derive(Debug)]
pub struct Keys {
    url: Url,
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    set: Option<JwkSet>,
    last_fetch: Option<DateTime<Utc>>,
    failure: Option<String>,
}

impl Keys {
    /// Of this URL; nothing is fetched yet.
    pub fn new(url: Url) -> Self {
        Self { url, cache: Mutex::default() }
    }

    /// The key with this id; without an id, the only key of the set. `Err` when there is no good set at all.
    pub async fn find(&self, kid: Option<&str>, now: DateTime<Utc>) -> Result<Option<Jwk>, String> {
        let mut cache = self.cache.lock().await;
        let known = cache.set.as_ref().and_then(|set| pick(set, kid));
        // Without any set there is nothing to fall back on, so a failed fetch is repeated; with one, a minute has to pass.
        let may_fetch = cache.set.is_none() || cache.last_fetch.is_none_or(|last| now - last >= pause());
        if known.is_none() && may_fetch {
            cache.last_fetch = Some(now);
            match fetch(&self.url).await {
                Ok(set) => (cache.set, cache.failure) = (Some(set), None),
                Err(error) => cache.failure = Some(error),
            }
        }
        match (&cache.set, &cache.failure) {
            (Some(set), _) => Ok(pick(set, kid)),
            (None, failure) => Err(failure.clone().unwrap_or_default()),
        }
    }
}

fn pick(set: &JwkSet, kid: Option<&str>) -> Option<Jwk> {
    match (kid, set.keys.as_slice()) {
        (Some(kid), _) => set.find(kid).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

/// A new connection each time: one that slept in a frozen process is dead.
async fn fetch(url: &Url) -> Result<JwkSet, String> {
    let text = |error: reqwest::Error| error.without_url().to_string();
    let client =
        Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build().map_err(text)?;
    let mut response = client.get(url.clone()).send().await.and_then(|r| r.error_for_status()).map_err(text)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(text)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_SET {
            return Err("the key set is larger than 1 MiB".into());
        }
    }
    serde_json::from_slice(&body).map_err(|error| format!("not a key set: {error}"))
}
