//! What a handler can fail with, without a word of HTTP. `problem.rs` turns it into a status.

use callmetry_access::{Forbidden, Role, ScopeError};

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Invalid input, every field of it.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// Well-formed input that does not fit what is there, every field of it.
    #[error("input that does not fit")]
    Unprocessable(Vec<FieldError>),
    /// What is there does not allow it. The text is for the client.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// A link that was altered or has expired.
    #[error("a link that is not good")]
    BadLink,
    /// Something that was there and is not kept any more.
    #[error("no longer kept: {0}")]
    Gone(&'static str),
    /// No, or no longer, a known caller.
    #[error("no known caller")]
    Unauthorized,
    /// A known caller with too low a role.
    #[error("needs the role {0}")]
    RoleTooLow(Role),
    /// The same, because of one field that others may not send.
    #[error("{0} needs the role {1}")]
    FieldNeedsRole(&'static str, Role),
    /// Another tenant, asked for by somebody who is no platform admin.
    #[error("another tenant")]
    AnotherTenant,
    /// Nothing there that the caller may see.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The database, or something else the answer needs, is not available now.
    #[error("not available: {0}")]
    Unavailable(String),
    /// Something is wrong with the product. The text is for logs only.
    #[error("{0}")]
    Internal(String),
}

/// Why a function could not start. The text is for logs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl StartError {
    /// Something that a function needs is not there.
    pub fn because(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<callmetry_database::Error> for StartError {
    fn from(error: callmetry_database::Error) -> Self {
        Self::because(error)
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The parameter or the field of the body.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// What is wrong with a field. A client's own text goes back to it shortened.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.chars().filter(|c| !c.is_control()).take(128).collect(), message: message.into() }
    }
}

impl From<callmetry_database::Error> for Error {
    fn from(error: callmetry_database::Error) -> Self {
        use callmetry_database::Error as Database;
        match error {
            Database::Unavailable(_) | Database::Timeout | Database::OutcomeUnknown(_) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Internal(error.to_string()),
        }
    }
}

impl From<ScopeError> for Error {
    fn from(error: ScopeError) -> Self {
        match error {
            ScopeError::Forbidden => Self::AnotherTenant,
            ScopeError::Unknown => Self::NotFound("tenant"),
            ScopeError::Database(error) => error.into(),
        }
    }
}

impl From<Forbidden> for Error {
    fn from(error: Forbidden) -> Self {
        Self::RoleTooLow(error.needed)
    }
}
