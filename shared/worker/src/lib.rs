//! The function that makes the files of on-demand reports, started by an asynchronous invocation.
#![warn(missing_docs)]

use aws_config::SdkConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde_json::json;

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
        Self { client: Client::new(config), function }
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
