//! The stand-ins of AWS services behind one address, and what they have in common.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use serde_json::json;

use crate::data_api::DataApi;
use crate::iam::{Caller, Iam};
use crate::secrets::Secrets;

/// The services.
#[derive(Clone)]
pub struct Services {
    /// The RDS Data API.
    pub data_api: Arc<DataApi>,
    /// Secrets Manager.
    pub secrets: Arc<Secrets>,
    /// Who may do what.
    pub iam: Arc<Iam>,
}

/// An error as AWS's JSON protocols have it: named in a header and in the body.
pub fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = Json(json!({"__type": name, "message": message, "Message": message}));
    (status, [("x-amzn-errortype", name.to_owned())], body).into_response()
}

/// Serves them. The Data API's operations have paths; Secrets Manager's are named in a header.
pub fn router(services: Services) -> Router {
    let router = Router::new()
        .route("/Execute", post(data_api))
        .route("/BatchExecute", post(data_api))
        .route("/BeginTransaction", post(data_api))
        .route("/CommitTransaction", post(data_api))
        .route("/RollbackTransaction", post(data_api))
        .route("/", post(secrets))
        .with_state(services);
    as_service(router)
}

/// What all services have in common: a request has to be signed, which says who makes it, though the signature is not checked;
/// how large it may be is for the service to say.
pub fn as_service(router: Router) -> Router {
    router.layer(from_fn(signed)).layer(DefaultBodyLimit::disable())
}

async fn signed(mut request: Request, next: Next) -> Response {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if authorization.is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 ")) {
        let caller = Caller::of(request.headers(), request.uri());
        request.extensions_mut().insert(caller);
        return next.run(request).await;
    }
    error(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", "Missing Authentication Token")
}

async fn data_api(
    State(services): State<Services>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    body: Bytes,
) -> Response {
    services.data_api.answer(uri.path().to_owned(), caller, body).await
}

async fn secrets(
    State(services): State<Services>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    services.secrets.answer(&services.iam, &caller, &headers, &body)
}
