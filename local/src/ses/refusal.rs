//! Errors as SES names them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::template::REGION;

/// An exception of the service.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    name: &'static str,
    message: String,
}

impl Refusal {
    pub fn new(status: u16, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequestException", message)
    }

    pub fn rejected(message: impl Into<String>) -> Self {
        Self::new(400, "MessageRejected", message)
    }

    pub fn not_verified(address: &str) -> Self {
        Self::rejected(format!(
            "Email address is not verified. The following identities failed the check in region {}: {address}",
            REGION.to_uppercase()
        ))
    }

    pub fn internal() -> Self {
        Self::new(500, "InternalFailure", "An internal failure occurred.")
    }

    pub fn unavailable(message: &str) -> Self {
        Self::new(503, "ServiceUnavailable", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        crate::aws::error(
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            self.name,
            &self.message,
        )
    }
}
