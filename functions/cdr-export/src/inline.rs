//! An export that fits into one answer.

use std::io::Write;

use callmetry_exports::{Chunk, Export, header};
use callmetry_host::Error;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::{StreamExt, TryStreamExt};
use tokio::time::Instant;

/// Lambda answers at most 6 MB, and base64 makes 4 bytes of 3.
const LARGEST_ANSWER: usize = 4_400_000;

/// The bytes of an answer.
enum Body {
    Plain(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Body {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(all) => all.write_all(bytes),
            Self::Gzip(encoder) => encoder.write_all(bytes),
        }
    }

    /// Bytes so far, but those that the encoder still keeps.
    fn len(&self) -> usize {
        match self {
            Self::Plain(all) => all.len(),
            Self::Gzip(encoder) => encoder.get_ref().len(),
        }
    }

    fn finish(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Plain(all) => Ok(all),
            Self::Gzip(encoder) => encoder.finish(),
        }
    }
}

/// The whole export; none when it is too large or not there in time.
pub async fn write(
    export: &Export,
    first: Chunk,
    byte_order_mark: bool,
    gzip: bool,
    until: Instant,
) -> Result<Option<Vec<u8>>, Error> {
    let unwritten = |error: std::io::Error| Error::Internal(format!("an export: {error}"));
    let mut body = if gzip {
        Body::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::default())))
    } else {
        Body::Plain(Vec::new())
    };
    body.write(&header(byte_order_mark)).map_err(unwritten)?;
    let mut pieces = export.pieces(first).boxed();
    loop {
        match tokio::time::timeout_at(until, pieces.try_next()).await {
            Err(_) => return Ok(None),
            Ok(piece) => match piece? {
                Some(piece) => body.write(&piece).map_err(unwritten)?,
                None => break,
            },
        }
        if body.len() > LARGEST_ANSWER {
            return Ok(None);
        }
    }
    let bytes = body.finish().map_err(unwritten)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() <= LARGEST_ANSWER))
}
