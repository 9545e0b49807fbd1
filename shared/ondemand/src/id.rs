//! Ids of reports: `rpt_` and 16 characters of `0-9A-Za-z`.

use callmetry_access::random_base62;
use callmetry_database::Error;

const PREFIX: &str = "rpt_";
const LENGTH: usize = 16;

/// A new one, which nobody can guess.
pub fn new() -> Result<String, Error> {
    let text = random_base62(LENGTH).map_err(|error| Error::Configuration(format!("no randomness: {error}")))?;
    Ok(format!("{PREFIX}{text}"))
}

/// Whether a text can be one.
pub(crate) fn is_one(text: &str) -> bool {
    let is_rest = |rest: &str| rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.strip_prefix(PREFIX).is_some_and(is_rest)
}
