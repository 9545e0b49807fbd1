//! The stand-ins of AWS services behind one address, and what they have in common.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use crate::data_api::DataApi;
use crate::secrets::Secrets;

/// The services.
#[derive(Clone)]
pub struct Services {
    /// The RDS Data API.
    pub data_api: Arc<DataApi>,
    /// Secrets Manager.
    pub secrets: Arc<Secrets>,
}

/// An error as AWS's JSON protocols have it: named in a header and in the body.
pub fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = Json(json!({"__type": name, "message": message, "Message": message}));
    (status, [("x-amzn-errortype", name.to_owned())], body).into_response()
}

/// Serves them. The Data API's operations have paths; Secrets Manager's are named in a header.
pub fn router(services: Services) -> Router {
    Router::new()
        .route("/Execute", post(data_api))
        .route("/BatchExecute", post(data_api))
        .route("/BeginTransaction", post(data_api))
        .route("/CommitTransaction", post(data_api))
        .route("/RollbackTransaction", post(data_api))
        .route("/", post(secrets))
        // The services have limits of their own.
        .layer(DefaultBodyLimit::disable())
        .with_state(services)
}

fn is_signed(headers: &HeaderMap) -> bool {
    headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 "))
}

fn unsigned() -> Response {
    error(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", "Missing Authentication Token")
}

async fn data_api(State(services): State<Services>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&headers) {
        return unsigned();
    }
    services.data_api.answer(uri.path().to_owned(), body).await
}

async fn secrets(State(services): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&headers) {
        return unsigned();
    }
    services.secrets.answer(&headers, &body)
}
