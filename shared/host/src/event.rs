//! Payload format 2.0 of an HTTP API: what comes in and what goes out.
//!
//! Our own types, with just the fields that are read, and not those of `lambda_http`: its conversion fails the whole
//! invocation, which clients see as a 500, on requests that API Gateway lets through: a header value that is not ASCII
//! (`User-Agent: café`), or a `Host` or query that the `http` crate's stricter URI parser refuses.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Request {
    /// `GET /api/v1/qa/scorecards/{id}`, as the template declares the route.
    pub route_key: String,
    pub raw_query_string: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    /// Decoded.
    pub path_parameters: HashMap<String, String>,
    pub body: Option<String>,
    pub is_base64_encoded: bool,
    pub request_context: RequestContext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RequestContext {
    pub request_id: String,
    pub domain_name: String,
    pub authorizer: Authorizer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Authorizer {
    /// The authorizer's `context`.
    pub lambda: Value,
}

impl Request {
    /// API Gateway's id of the request, which its access log has; of an event without one, that of the invocation.
    pub fn id_or(&self, invocation_id: &str) -> String {
        match self.request_context.request_id.as_str() {
            "" => invocation_id.to_owned(),
            id => id.to_owned(),
        }
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// An answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Response {
    pub status_code: u16,
    pub headers: HashMap<&'static str, String>,
    pub body: String,
    pub is_base64_encoded: bool,
}
