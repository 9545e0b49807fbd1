//! Answers.

use std::collections::HashMap;

use callmetry_render::{Table, csv};
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
        // Reports are one tenant's: no cache on the way may keep them. Nor may a browser guess that a CSV is a page.
        let headers =
            [("content-type", content_type), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
        let headers = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Self { status, headers, body }
    }

    /// 200 with a JSON body.
    pub fn json(body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(|error| Error::Internal(format!("an answer: {error}")))?;
        Ok(Self::new(200, "application/json", body))
    }

    /// 200 with a CSV to be saved under this name.
    pub fn csv(table: &Table, byte_order_mark: bool, file_name: &str) -> Result<Self, Error> {
        let body = csv::table(table, byte_order_mark).map_err(|error| Error::Internal(format!("a CSV: {error}")))?;
        let disposition = format!("attachment; filename=\"{file_name}\"");
        Ok(Self::new(200, csv::CONTENT_TYPE, body).header("content-disposition", &disposition))
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
