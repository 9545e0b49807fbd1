//! The `Idempotency-Key` header, by which a client asks for one effect of several requests.

use crate::{Error, FieldError};

const HEADER: &str = "Idempotency-Key";
/// In characters, all of them printable ASCII.
const LONGEST: usize = 255;

/// The header as it came in, if it did.
#[derive(Clone, Debug, Default)]
pub struct IdempotencyKey(Option<String>);

impl IdempotencyKey {
    pub(crate) fn of(header: Option<&String>) -> Self {
        Self(header.cloned())
    }

    /// The key; none where the client sent none.
    pub fn read(&self) -> Result<Option<&str>, Error> {
        let Some(key) = self.0.as_deref() else { return Ok(None) };
        if (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Ok(Some(key));
        }
        let message = format!("must have 1 to {LONGEST} characters, all of them printable ASCII");
        Err(Error::Invalid(vec![FieldError::new(HEADER, message)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_printable() {
        let read = |key: &str| IdempotencyKey::of(Some(&key.to_owned())).read().map(|key| key.map(str::to_owned)).ok();
        assert_eq!(IdempotencyKey::default().read().ok(), Some(None));
        assert_eq!(read("8e03978e-40d5-43dd"), Some(Some("8e03978e-40d5-43dd".into())));
        for bad in ["", "é", "a\tb", &"x".repeat(256)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
