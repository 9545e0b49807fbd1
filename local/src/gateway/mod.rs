//! API Gateway's HTTP API: routes, the authorizer and its cache, payload format 2.0, limits and the answers of its own.

mod authorizer;
mod head;
mod payload;
mod routes;

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};

use crate::lambda::{Invoked, LARGEST_PAYLOAD, Lambda};
use crate::template::{AuthorizerSettings, FunctionSettings};
use authorizer::{Authorizer, Verdict};
pub use head::refuse_endless_head;
use payload::Context;
use routes::{Match, Routes};

/// Request line and headers together.
const LARGEST_HEAD: usize = 10_240;
/// 10 MB of body.
const LARGEST_BODY: usize = 10 << 20;
/// How long an integration may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The API.
pub struct Gateway {
    routes: Routes,
    authorizer: Authorizer,
    lambda: Arc<Lambda>,
    access_log: Mutex<File>,
}

impl Gateway {
    /// The routes of all functions behind one authorizer, with a log of what was answered.
    pub fn new(
        functions: &[FunctionSettings],
        authorizer: AuthorizerSettings,
        lambda: Arc<Lambda>,
        access_log: File,
    ) -> Self {
        Self {
            routes: Routes::new(functions),
            authorizer: Authorizer::new(authorizer, lambda.clone()),
            lambda,
            access_log: Mutex::new(access_log),
        }
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        #[allow(clippy::disallowed_methods, reason = "request ids are the gateway's to make")]
        let request_id = uuid::Uuid::new_v4().simple().to_string();
        let started = Instant::now();
        let route = self.routes.find(request.method().as_str(), request.uri().path());
        let key = route.as_ref().map_or_else(|| "-".to_owned(), |route| route.key.clone());
        let mut response = self.route(request, route, &request_id).await.unwrap_or_else(|own| own.into_response());
        self.log(&request_id, &key, response.status(), started.elapsed());
        if let Ok(value) = request_id.parse() {
            response.headers_mut().insert("apigw-requestid", value);
        }
        response
    }

    /// The route instead of the path, and no query, header or address: nothing in here says who asked or about whom.
    fn log(&self, request_id: &str, route: &str, status: StatusCode, latency: Duration) {
        let line = json!({"requestId": request_id, "routeKey": route, "status": status.as_u16(), "responseLatency": latency.as_millis() as u64});
        let mut log = self.access_log.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        writeln!(log, "{line}").ok();
    }

    async fn caller(&self, context: &Context) -> Result<Value, Own> {
        match self.authorizer.judge(context).await {
            Verdict::Allowed(caller) => Ok(caller),
            Verdict::Unauthorized => Err(Own(StatusCode::UNAUTHORIZED, "Unauthorized")),
            Verdict::Forbidden => Err(Own(StatusCode::FORBIDDEN, "Forbidden")),
            Verdict::Failed => Err(INTERNAL),
        }
    }

    async fn route(&self, request: Request<Body>, route: Option<Match>, request_id: &str) -> Result<Response, Own> {
        let (head, body) = request.into_parts();
        let length: usize = head.method.as_str().len()
            + head.uri.to_string().len()
            + "HTTP/1.1".len()
            + head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>();
        if length > LARGEST_HEAD {
            return Err(Own(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large"));
        }
        let route = route.ok_or(Own(StatusCode::NOT_FOUND, "Not Found"))?;
        let body = tokio::time::timeout(PATIENCE, Limited::new(body, LARGEST_BODY).collect()).await;
        let body =
            body.map_err(|_| Own(StatusCode::REQUEST_TIMEOUT, "Request Timeout"))?.map_err(|_| TOO_LARGE)?.to_bytes();
        let context = Context::new(&head, &route, request_id);
        let caller = if route.open { None } else { Some(self.caller(&context).await?) };
        let event = context.event(caller, &body);
        if event.len() > LARGEST_PAYLOAD {
            return Err(TOO_LARGE);
        }
        // The invocation goes on when the client has gone away or the gateway has given up, as on AWS.
        match tokio::time::timeout(PATIENCE, self.lambda.invoke(&route.function, event)).await {
            Err(_) => Err(Own(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")),
            Ok(Ok(Invoked::Answer(answer))) => payload::response(&answer).ok_or(INTERNAL),
            Ok(_) => Err(INTERNAL),
        }
    }
}

const TOO_LARGE: Own = Own(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
const INTERNAL: Own = Own(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");

/// An answer that API Gateway gives itself.
struct Own(StatusCode, &'static str);

impl IntoResponse for Own {
    fn into_response(self) -> Response {
        (self.0, [("content-type", "application/json")], json!({"message": self.1}).to_string()).into_response()
    }
}
