//! Lambda's `Invoke` at its AWS path.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;

use crate::iam::{Caller, Iam};

use super::{Invoked, LARGEST_EVENT, LARGEST_PAYLOAD, Lambda};

/// Serves `POST /2015-03-31/functions/{name}/invocations`: synchronous, asynchronous, and a dry run. Whoever does not sign is an
/// administrator, so that plain `curl` will do.
pub fn router(lambda: Arc<Lambda>, iam: Arc<Iam>) -> Router {
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .layer(DefaultBodyLimit::disable())
        .with_state((lambda, iam))
}

fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = json!({"Type": "User", "Message": message, "message": message}).to_string();
    (status, [("x-amzn-errortype", name.to_owned())], body).into_response()
}

async fn invoke(
    State((lambda, iam)): State<(Arc<Lambda>, Arc<Iam>)>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(name) = lambda.find(&name).map(str::to_owned) else {
        return error(StatusCode::NOT_FOUND, "ResourceNotFoundException", &format!("Function not found: {name}"));
    };
    if let Err(denied) = iam.check(&Caller::of(&headers, &uri), "lambda:InvokeFunction", &lambda.arn(&name), &[]) {
        return error(StatusCode::FORBIDDEN, "AccessDeniedException", &denied.to_string());
    }
    if body.len() > LARGEST_PAYLOAD {
        return error(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", "The payload is larger than 6 MB.");
    }
    let payload = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    if serde_json::from_slice::<serde::de::IgnoredAny>(&payload).is_err() {
        return error(
            StatusCode::BAD_REQUEST,
            "InvalidRequestContentException",
            "Could not parse request body into json.",
        );
    }
    match headers.get("x-amz-invocation-type").and_then(|value| value.to_str().ok()) {
        None | Some("RequestResponse") => answer(lambda.invoke(&name, payload).await),
        Some("Event") if payload.len() > LARGEST_EVENT => {
            error(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", "The event is larger than 1 MB.")
        }
        Some("Event") => {
            lambda.invoke_later(&name, payload);
            StatusCode::ACCEPTED.into_response()
        }
        Some("DryRun") => StatusCode::NO_CONTENT.into_response(),
        Some(_) => {
            let message = "The invocation type must be RequestResponse, Event or DryRun.";
            error(StatusCode::BAD_REQUEST, "InvalidParameterValueException", message)
        }
    }
}

fn answer(outcome: anyhow::Result<Invoked>) -> Response {
    let version = ("x-amz-executed-version", "$LATEST");
    match outcome {
        Ok(Invoked::Answer(body)) => ([version], body).into_response(),
        Ok(Invoked::Failed(body)) => ([version, ("x-amz-function-error", "Unhandled")], body).into_response(),
        Err(problem) => error(StatusCode::INTERNAL_SERVER_ERROR, "ServiceException", &format!("{problem:#}")),
    }
}
