//! The gate between the tick and the database, so that the database may sleep while nothing is due.
//!
//! An Aurora cluster that is asked every minute never pauses. So the tick first reads a small object in S3, and asks the database
//! only while the gate is open: until `awake_until`, from `next_due` on, and whenever the object says neither.
//!
//! - Whoever makes something due earlier opens the gate **before** its commit ([`Gate::keep_awake`]), and commits nothing if
//!   that fails.
//! - The tick shuts it when it found nothing to do, over the object that it had read *before* it asked the database
//!   ([`Gate::shut`], `If-Match`): if somebody opened it in between, it stays open.
#![warn(missing_docs)]

mod state;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use chrono::{DateTime, Utc};

pub use state::Reading;
use state::State;

const KEY: &str = "tick/gate.json";
/// A call of S3 with all its retries. The tick has other things to do, and a client waits for the others.
const PATIENCE: Duration = Duration::from_secs(5);

/// The gate was not opened. The text is for logs.
#[derive(Debug, thiserror::Error)]
#[error("the gate: {0}")]
pub struct Error(String);

/// The gate of a deployment.
#[derive(Clone)]
pub struct Gate {
    client: Client,
    bucket: String,
    /// Without it the database is asked every minute.
    is_used: bool,
}

impl Gate {
    /// The gate in this bucket. Unless it is used it is always open.
    pub fn new(config: &SdkConfig, bucket: String, is_used: bool) -> Self {
        let patience = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        let client = Client::from_conf(Builder::from(config).timeout_config(patience).build());
        Self { client, bucket, is_used }
    }

    /// Keeps it open for the next ten minutes. To be called before the commit of whatever is due by then; also while the gate is not
    /// used, so that nothing is hidden when it is used again.
    pub async fn keep_awake(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let body = State::awake_from(now).to_json();
        let put = self.client.put_object().bucket(&self.bucket).key(KEY).content_type("application/json");
        put.body(body.into_bytes().into()).send().await.map(drop).map_err(error)
    }

    /// Reads it. What cannot be read is open.
    pub async fn read(&self) -> Reading {
        if !self.is_used {
            return Reading::unused();
        }
        let object = match self.client.get_object().bucket(&self.bucket).key(KEY).send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => {
                return Reading::missing();
            }
            // Who may not list the bucket is answered so where there is no gate yet.
            Err(error) if error.code() == Some("AccessDenied") => {
                tracing::info!("there is no gate yet, or none that may be read");
                return Reading::missing();
            }
            Err(failure) => {
                tracing::warn!(error = %error(failure), "the gate cannot be read");
                return Reading::missing();
            }
        };
        let etag = object.e_tag().map(str::to_owned);
        match object.body.collect().await {
            Ok(body) => Reading::of(etag, &body.to_vec()),
            // Without the content its ETag is not enough to shut it.
            Err(error) => {
                tracing::warn!(%error, "the gate cannot be read");
                Reading::missing()
            }
        }
    }

    /// Shuts it until shortly before `next_due`, if it is as it was read, may be shut, and nothing is due soon. Whether it was is
    /// of no consequence: the next tick tries again.
    pub async fn shut(&self, reading: &Reading, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> bool {
        let Some(state) = reading.shut(now, next_due) else { return false };
        let put = self.client.put_object().bucket(&self.bucket).key(KEY).content_type("application/json");
        let put = match reading.etag() {
            Some(etag) => put.if_match(etag),
            None => put.if_none_match("*"),
        };
        match put.body(state.to_json().into_bytes().into()).send().await {
            Ok(_) => true,
            // Somebody was faster.
            Err(error)
                if error.raw_response().is_some_and(|response| matches!(response.status().as_u16(), 409 | 412)) =>
            {
                false
            }
            Err(failure) => {
                tracing::warn!(error = %error(failure), "the gate stays open");
                false
            }
        }
    }
}

fn error<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    Error(DisplayErrorContext(error).to_string())
}
