//! What is wrong with an input, all of it at once.

use crate::{Error, FieldError};

/// Errors that an answer lists at most. Whoever sends more has sent something else than what the route takes.
const MOST: usize = 250;

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Adds one, the same only once.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        let error = FieldError::new(field, message);
        if self.0.len() < MOST && !self.0.contains(&error) {
            self.0.push(error);
        }
    }

    /// Nothing, if nothing was wrong.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
