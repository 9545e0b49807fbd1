//! A custom resource of CloudFormation: what it asks, and how it is answered.
//!
//! Source: the CloudFormation user guide on custom resources. Until the answer is put under `ResponseURL` the stack waits, by
//! default for an hour, so every path through the function ends with one.

use std::time::Duration;

use reqwest::Client;
use serde::{Deserialize, Serialize};

/// CloudFormation reads no answer of more than 4 KB.
const LONGEST_REASON: usize = 1_000;
/// Of putting the answer.
const ATTEMPTS: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(5);

/// What CloudFormation asks.
/// Only where to answer has to be there: what cannot be read of the rest is answered too.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    /// What happens to the resource.
    #[serde(default)]
    pub request_type: RequestType,
    #[serde(rename = "ResponseURL")]
    response_url: String,
    #[serde(default)]
    stack_id: String,
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    logical_resource_id: String,
    physical_resource_id: Option<String>,
}

/// What happens to the resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum RequestType {
    Create,
    Update,
    Delete,
    /// Something that is not known here.
    #[default]
    #[serde(other)]
    Other,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    status: &'static str,
    reason: String,
    /// Another one after an update would have the resource of the former one deleted.
    physical_resource_id: &'a str,
    stack_id: &'a str,
    request_id: &'a str,
    logical_resource_id: &'a str,
}

impl Request {
    /// Tells CloudFormation how it ended.
    pub async fn answer(&self, outcome: &Result<String, String>) -> Result<(), String> {
        let (status, text) = match outcome {
            Ok(done) => ("SUCCESS", done),
            Err(why) => ("FAILED", why),
        };
        let response = Response {
            status,
            reason: text.chars().take(LONGEST_REASON).collect(),
            physical_resource_id: self.physical_resource_id.as_deref().unwrap_or("migrations"),
            stack_id: &self.stack_id,
            request_id: &self.request_id,
            logical_resource_id: &self.logical_resource_id,
        };
        let body = serde_json::to_vec(&response).map_err(|error| error.to_string())?;
        // No proxy: it is an address that CloudFormation signed for this answer alone.
        let client = Client::builder().timeout(PATIENCE).build().map_err(|error| error.to_string())?;
        let mut last = String::new();
        for attempt in 0..ATTEMPTS {
            tokio::time::sleep(Duration::from_secs(attempt.into())).await;
            // Without a content type, which is not part of what was signed.
            match client.put(&self.response_url).body(body.clone()).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) => last = format!("status {}", answer.status()),
                // The address is a secret: whoever has it can answer.
                Err(error) => last = error.without_url().to_string(),
            }
        }
        Err(format!("CloudFormation was not answered: {last}"))
    }
}
