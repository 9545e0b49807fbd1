//! The function that makes the files of on-demand reports, started by an asynchronous invocation.
#![warn(missing_docs)]

mod desk;

pub use desk::Desk;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Builder;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde_json::json;

/// A call of Lambda with all its retries: whoever starts a report has other things to do, and the tick tries again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts the function.
#[derive(Clone)]
pub struct Worker {
    client: Client,
    function: String,
}

/// The event was not taken. The text is for logs.
#[derive(Debug, thiserror::Error)]
#[error("starting the worker: {0}")]
pub struct NotStarted(String);

impl Worker {
    /// The function of this name.
    pub fn new(config: &SdkConfig, function: String) -> Self {
        let patience = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        let config = Builder::from(config).timeout_config(patience).build();
        Self { client: Client::from_conf(config), function }
    }

    /// Hands a report over. Twice is harmless: the row decides who works.
    pub async fn start(&self, report_id: &str) -> Result<(), NotStarted> {
        self.client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(json!({ "report_id": report_id }).to_string()))
            .send()
            .await
            .map(drop)
            .map_err(|error| NotStarted(DisplayErrorContext(error).to_string()))
    }
}
