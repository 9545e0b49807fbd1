//! Errors as the Data API names them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio_postgres::error::ErrorPosition;

/// An exception of the service.
#[derive(Debug)]
pub struct Fault {
    status: u16,
    name: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(status: u16, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    pub(super) fn validation(message: &str) -> Self {
        Self::new(400, "ValidationException", message)
    }

    pub(super) fn resuming() -> Self {
        let message =
            "The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds and try again.";
        Self::new(400, "DatabaseResumingException", message)
    }

    pub(super) fn unavailable() -> Self {
        Self::new(504, "DatabaseUnavailableException", "The database is not available.")
    }

    pub(super) fn timed_out() -> Self {
        Self::new(400, "StatementTimeoutException", "Request timed out")
    }

    pub(super) fn is_timeout(&self) -> bool {
        self.name == "StatementTimeoutException"
    }

    pub(super) fn too_large() -> Self {
        Self::new(400, "BadRequestException", "Database returned more than the allowed response size limit")
    }

    pub(super) fn unsupported(type_name: &str) -> Self {
        Self::new(
            400,
            "UnsupportedResultException",
            format!("The result contains the unsupported data type {}.", type_name.to_uppercase()),
        )
    }

    pub(super) fn no_transaction(id: &str) -> Self {
        Self::new(404, "TransactionNotFoundException", format!("Transaction {id} is not found"))
    }

    pub(super) fn busy(id: &str) -> Self {
        Self::new(400, "DatabaseErrorException", format!("Transaction {id} is still running a query"))
    }
}

impl From<tokio_postgres::Error> for Fault {
    /// An SQL error with its state at the end; anything else is a lost server.
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(error) = error.as_db_error() else {
            return Self::unavailable();
        };
        let mut message = format!("{}: {}", error.severity(), error.message());
        for (label, text) in [("Detail", error.detail()), ("Hint", error.hint())] {
            if let Some(text) = text {
                message.push_str(&format!("\n  {label}: {text}"));
            }
        }
        if let Some(ErrorPosition::Original(position)) = error.position() {
            message.push_str(&format!("; Position: {position}"));
        }
        Self::new(400, "DatabaseErrorException", format!("{message}; SQLState: {}", error.code().code()))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        crate::aws::error(
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST),
            self.name,
            &self.message,
        )
    }
}
