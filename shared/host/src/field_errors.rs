//! What is wrong with an input, all of it at once.

use crate::{Error, FieldError};

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Adds one. A client's own text goes back to it shortened, and the same error only once.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        let field: String = field.chars().filter(|c| !c.is_control()).take(128).collect();
        let message = message.into();
        if !self.0.iter().any(|error| error.field == field && error.message == message) {
            self.0.push(FieldError { field, message });
        }
    }

    /// Nothing, if nothing was wrong.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
