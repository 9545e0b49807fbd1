//! A file that comes with a mail.

use bytes::Bytes;
use callmetry_render::plain;

/// A file is attached below this many bytes: in base64 it is then below the 10 MB from which on SES slows messages down, and far
/// below the 40 MB that it takes. Source: the SES developer guide, "Service quotas", message quotas of the API v2, which are
/// those of the message in base64.
const TOO_LARGE: u64 = 7_000_000;

/// The longest name that SES takes, in characters. Source: the SES API v2 reference, `Attachment`.
const NAME_LENGTH: usize = 255;

/// A file that comes with a mail. All messages that have it share its bytes, the requests to SES included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name with the extension, by which SES refuses programs and scripts; `.csv`, `.json` and `.pdf` are none. Source: the
    /// SES developer guide, "Unsupported attachment types".
    pub file_name: String,
    /// Its media type, at most 78 characters: `application/pdf`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

impl Attachment {
    /// Whether a file of this many bytes may be attached.
    pub fn fits(bytes: u64) -> bool {
        bytes < TOO_LARGE
    }

    /// Its name as one line.
    pub(crate) fn name(&self) -> String {
        plain::one_line(&self.file_name, NAME_LENGTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_fits_below_the_limit() {
        assert!(Attachment::fits(0) && Attachment::fits(6_999_999));
        assert!(!Attachment::fits(7_000_000));
        // Lines of 76 characters with their ends, and 100 kB for the texts.
        let encoded = TOO_LARGE.div_ceil(3) * 4 * 78 / 76 + 100_000;
        assert!(encoded < 10_000_000, "{encoded}");
    }
}
