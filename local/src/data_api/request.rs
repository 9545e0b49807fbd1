//! Requests of the REST-JSON protocol.

use serde::Deserialize;
use serde_json::Value;

/// What every request names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    pub resource_arn: String,
    pub secret_arn: String,
    pub database: Option<String>,
    pub schema: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecuteRequest {
    #[serde(flatten)]
    pub target: Target,
    pub sql: String,
    pub parameters: Option<Vec<Parameter>>,
    pub transaction_id: Option<String>,
    #[serde(default)]
    pub include_result_metadata: bool,
    #[serde(default)]
    pub continue_after_timeout: bool,
    pub format_records_as: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchRequest {
    #[serde(flatten)]
    pub target: Target,
    pub sql: String,
    pub parameter_sets: Option<Vec<Vec<Parameter>>>,
    pub transaction_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionRequest {
    #[serde(flatten)]
    pub target: Target,
    pub transaction_id: Option<String>,
}

/// One named parameter: a union of one field, and perhaps a hint.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// Without the colon.
    pub name: String,
    /// `stringValue`, `longValue` and so on, with the value.
    #[serde(default)]
    pub value: serde_json::Map<String, Value>,
    /// What a text is to be sent as.
    pub type_hint: Option<String>,
}
