//! Payload format 2.0: events to functions and their answers.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::routes::Match;

/// What is known of a request.
pub struct Context {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
    route: Match,
    request_id: String,
    now: DateTime<Utc>,
}

const API_ID: &str = "local";

impl Context {
    pub fn new(head: &Parts, route: &Match, request_id: &str) -> Self {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        let mut cookies = Vec::new();
        for (name, value) in &head.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if name == "cookie" {
                cookies.extend(value.split("; ").map(str::to_owned));
                continue;
            }
            // Repeated headers are joined by commas.
            headers.entry(name.as_str().to_owned()).and_modify(|all| *all = format!("{all},{value}")).or_insert(value);
        }
        headers.insert("x-forwarded-for".into(), "127.0.0.1".into());
        headers.insert("x-forwarded-proto".into(), "http".into());
        #[allow(clippy::disallowed_methods, reason = "the gateway's own clock")]
        let now = Utc::now();
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers,
            cookies,
            route: route.clone(),
            request_id: request_id.to_owned(),
            now,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The event of the route's function.
    pub fn event(&self, caller: Option<Value>, body: &Bytes) -> Bytes {
        let mut event = self.common();
        if let Some(caller) = caller {
            event["requestContext"]["authorizer"] = json!({"lambda": caller});
        }
        if !body.is_empty() {
            match std::str::from_utf8(body) {
                Ok(text) => event["body"] = Value::from(text),
                Err(_) => {
                    event["body"] = Value::from(STANDARD.encode(body));
                    event["isBase64Encoded"] = Value::Bool(true);
                }
            }
        }
        event.to_string().into()
    }

    /// The event of the authorizer.
    pub fn authorizer_event(&self, identity: &str) -> Bytes {
        let mut event = self.common();
        event["type"] = "REQUEST".into();
        event["routeArn"] =
            format!("arn:aws:execute-api:eu-west-1:000000000000:{API_ID}/$default/{}{}", self.method, self.path).into();
        event["identitySource"] = json!([identity]);
        event.to_string().into()
    }

    fn common(&self) -> Value {
        let host = self.header("host").unwrap_or("127.0.0.1");
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route.key,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": self.headers,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": API_ID,
                "domainName": host,
                "domainPrefix": host.split('.').next(),
                "http": {
                    "method": self.method,
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": self.header("user-agent").unwrap_or_default(),
                },
                "requestId": self.request_id,
                "routeKey": self.route.key,
                "stage": "$default",
                "time": self.now.format("%d/%b/%Y:%H:%M:%S %z").to_string(),
                "timeEpoch": self.now.timestamp_millis(),
            },
            "isBase64Encoded": false,
        });
        if !self.query.is_empty() {
            event["queryStringParameters"] = json!(query_parameters(&self.query));
        }
        if !self.route.parameters.is_empty() {
            event["pathParameters"] = json!(self.route.parameters);
        }
        if !self.cookies.is_empty() {
            event["cookies"] = json!(self.cookies);
        }
        event
    }
}

/// Decoded; repeated names are joined by commas.
fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let decode =
        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value);
        parameters.entry(decode(name)).and_modify(|all| *all = format!("{all},{value}")).or_insert(value);
    }
    parameters
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// A function's answer as a response; none for one that API Gateway refuses. JSON without a `statusCode` is a 200 of itself.
pub fn response(answer: &Bytes) -> Option<Response> {
    let value: Value = serde_json::from_slice(answer).ok()?;
    if value.get("statusCode").is_none() {
        return Response::builder().header("content-type", "application/json").body(Body::from(answer.clone())).ok();
    }
    let answer: Answer = serde_json::from_value(value).ok()?;
    let body = match (answer.body, answer.is_base64_encoded) {
        (None, _) => Vec::new(),
        (Some(text), false) => text.into_bytes(),
        (Some(text), true) => STANDARD.decode(text).ok()?,
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code?).ok()?;
    for (name, value) in answer.headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        response.headers_mut().append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    for cookie in answer.cookies {
        response.headers_mut().append("set-cookie", HeaderValue::try_from(cookie).ok()?);
    }
    if !response.headers().contains_key("content-type") {
        response.headers_mut().insert("content-type", HeaderValue::from_static("text/plain;charset=UTF-8"));
    }
    Some(response)
}
