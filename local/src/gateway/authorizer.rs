//! The REQUEST authorizer of format 2.0 with simple responses, and its cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use super::payload::Context;
use crate::lambda::{Invoked, Lambda};
use crate::template::AuthorizerSettings;

/// An authorizer has 10 seconds.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Authorizer {
    settings: AuthorizerSettings,
    lambda: Arc<Lambda>,
    cache: Mutex<HashMap<String, (Instant, Answer)>>,
}

/// Whether the request goes on.
pub enum Verdict {
    /// With this context.
    Allowed(Value),
    Unauthorized,
    Forbidden,
    Failed,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    is_authorized: bool,
    #[serde(default)]
    context: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    #[serde(default)]
    error_message: String,
}

impl Authorizer {
    pub fn new(settings: AuthorizerSettings, lambda: Arc<Lambda>) -> Self {
        Self { settings, lambda, cache: Mutex::default() }
    }

    /// Asks the function, or the cache. Without the identity source nobody is asked.
    pub async fn judge(&self, context: &Context) -> Verdict {
        let identity = match context.header(&self.settings.header) {
            Some(identity) if !identity.is_empty() => identity.to_owned(),
            _ => return Verdict::Unauthorized,
        };
        if let Some(answer) = self.cached(&identity) {
            return answer.into();
        }
        let event = context.authorizer_event(&identity);
        let invoked = tokio::time::timeout(PATIENCE, self.lambda.invoke(&self.settings.function, event)).await;
        match invoked {
            Ok(Ok(Invoked::Answer(body))) => match serde_json::from_slice::<Answer>(&body) {
                Ok(answer) => {
                    self.keep(identity, answer.clone());
                    answer.into()
                }
                Err(_) => Verdict::Failed,
            },
            Ok(Ok(Invoked::Failed(body))) => match serde_json::from_slice::<Failure>(&body) {
                Ok(failure) if failure.error_message == "Unauthorized" => Verdict::Unauthorized,
                _ => Verdict::Failed,
            },
            _ => Verdict::Failed,
        }
    }

    fn cached(&self, identity: &str) -> Option<Answer> {
        let cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (kept, answer) = cache.get(identity)?;
        (kept.elapsed() < self.settings.ttl).then(|| answer.clone())
    }

    fn keep(&self, identity: String, answer: Answer) {
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache.retain(|_, (kept, _)| kept.elapsed() < self.settings.ttl);
        cache.insert(identity, (Instant::now(), answer));
    }
}

impl From<Answer> for Verdict {
    fn from(answer: Answer) -> Self {
        if answer.is_authorized { Self::Allowed(answer.context) } else { Self::Forbidden }
    }
}
