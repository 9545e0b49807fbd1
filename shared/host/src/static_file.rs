//! A file that is sent to everybody as it is.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::Reply;

/// How long clients and caches may keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// As long as its tag is that of the server, which is asked each time.
    WhileItIsTheSame,
    /// A year, without asking: its name changes with its content.
    ForAYear,
}

/// A file, both as it is and compressed, with its headers.
#[derive(Debug)]
pub struct StaticFile {
    content_type: &'static str,
    keep: Keep,
    headers: Vec<(&'static str, String)>,
    plain: Vec<u8>,
    gzip: Vec<u8>,
    tag: String,
}

impl StaticFile {
    /// Of this text; it is compressed here, once.
    pub fn new(content_type: &'static str, keep: Keep, content: &str) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Neither fails: it is memory that is written to.
        let gzip = encoder.write_all(content.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
        let tag = format!("\"{}\"", fingerprint(content));
        Self { content_type, keep, headers: Vec::new(), plain: content.into(), gzip, tag }
    }

    /// The same with a header more.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Its entity tag (RFC 9110, 8.8.3).
    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// 200 with the file.
    pub(crate) fn reply(&self, accepts_gzip: bool) -> Reply {
        let body = if accepts_gzip { &self.gzip } else { &self.plain };
        let reply = self.with_headers(Reply::bytes(200, self.content_type, body.clone()));
        if accepts_gzip { reply.header("content-encoding", "gzip") } else { reply }
    }

    /// 304: the client has it.
    pub(crate) fn not_modified(&self) -> Reply {
        self.with_headers(Reply::bytes(304, self.content_type, Vec::new()))
    }

    fn with_headers(&self, reply: Reply) -> Reply {
        let keep = match self.keep {
            Keep::WhileItIsTheSame => "no-cache",
            Keep::ForAYear => "public, max-age=31536000, immutable",
        };
        let reply = reply.header("cache-control", keep).header("vary", "Accept-Encoding").header("etag", &self.tag);
        self.headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value))
    }
}

/// What tells a content from all others, short enough for a name: 96 bits of its SHA-256, in letters that file names have.
pub fn fingerprint(content: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..12])
}
