//! Answers.

use std::collections::HashMap;

use serde::Serialize;

use crate::Error;
use crate::event::Response;

/// An answer on its way out.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: HashMap<&'static str, String>,
    body: String,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        // Reports are one tenant's: no cache on the way may keep them.
        let headers =
            HashMap::from([("content-type", content_type.to_owned()), ("cache-control", "no-store".to_owned())]);
        Self { status, headers, body }
    }

    /// 200 with a JSON body.
    pub fn json(body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(|error| Error::Internal(format!("an answer: {error}")))?;
        Ok(Self::new(200, "application/json", body))
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body.
    pub fn body(&self) -> &str {
        &self.body
    }

    pub(crate) fn into_event(self) -> Response {
        Response { status_code: self.status, headers: self.headers, body: self.body, is_base64_encoded: false }
    }
}
