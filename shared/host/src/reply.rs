//! Answers.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callmetry_render::{Table, csv};
use serde::Serialize;

use crate::event::Response;
use crate::{Error, Notice};

/// An answer on its way out.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: HashMap<&'static str, String>,
    body: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        Self::of(status, content_type, Content::Text(body))
    }

    fn of(status: u16, content_type: &str, body: Content) -> Self {
        // Reports are one tenant's: no cache on the way may keep them. Nor may a browser guess that a CSV is a page.
        let headers =
            [("content-type", content_type), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
        let headers = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Self { status, headers, body }
    }

    fn of_json(status: u16, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(|error| Error::Internal(format!("an answer: {error}")))?;
        Ok(Self::new(status, "application/json", body))
    }

    /// 200 with a JSON body.
    pub fn json(body: &impl Serialize) -> Result<Self, Error> {
        Self::of_json(200, body)
    }

    /// Bytes with this status.
    pub(crate) fn bytes(status: u16, content_type: &str, bytes: Vec<u8>) -> Self {
        Self::of(status, content_type, Content::Bytes(bytes))
    }

    /// 201 with what was created, and where it is.
    pub fn created(location: &str, body: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::of_json(201, body)?.header("location", location))
    }

    /// 202 with what was begun, and where it will be.
    pub fn accepted(location: &str, body: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::of_json(202, body)?.header("location", location))
    }

    /// 204: done, and nothing to say.
    pub fn nothing() -> Self {
        let mut reply = Self::new(204, "", String::new());
        reply.headers.remove("content-type");
        reply
    }

    /// 302 to a link that is good for a moment and for this client.
    pub fn redirect(location: &str) -> Self {
        Self::new(302, "text/plain; charset=utf-8", String::new())
            .header("location", location)
            .header("referrer-policy", "no-referrer")
    }

    /// 200 with a page for a person.
    pub fn page(notice: &Notice<'_>) -> Self {
        notice.reply(200)
    }

    /// 200 with a CSV to be saved under this name.
    pub fn csv(table: &Table, byte_order_mark: bool, file_name: &str) -> Result<Self, Error> {
        let body = csv::table(table, byte_order_mark).map_err(|error| Error::Internal(format!("a CSV: {error}")))?;
        Ok(Self::new(200, csv::CONTENT_TYPE, body).attached(file_name))
    }

    /// 200 with the bytes of a CSV, perhaps as gzip, to be saved under this name.
    pub fn csv_bytes(bytes: Vec<u8>, is_gzip: bool, file_name: &str) -> Self {
        let reply = Self::of(200, csv::CONTENT_TYPE, Content::Bytes(bytes))
            .attached(file_name)
            .header("vary", "Accept-Encoding");
        if is_gzip { reply.header("content-encoding", "gzip") } else { reply }
    }

    fn attached(self, file_name: &str) -> Self {
        self.header("content-disposition", &format!("attachment; filename=\"{file_name}\""))
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body, where it is text.
    pub fn body(&self) -> &str {
        match &self.body {
            Content::Text(text) => text,
            Content::Bytes(_) => "",
        }
    }

    pub(crate) fn into_event(self) -> Response {
        let (body, is_base64_encoded) = match self.body {
            Content::Text(text) => (text, false),
            Content::Bytes(bytes) => (STANDARD.encode(bytes), true),
        };
        Response { status_code: self.status, headers: self.headers, body, is_base64_encoded }
    }
}
