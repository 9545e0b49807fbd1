//! Requests to the API, and clients of the stand-ins of AWS services.

use std::fs::File;
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sesv2::config::Credentials;
use callmetry_testing::scratch_dir;
use reqwest::header::HeaderMap;
use serde_json::Value;

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn content_type(&self) -> &str {
        self.headers.get("content-type").map_or("", |value| value.to_str().unwrap())
    }

    /// The fields of a problem's errors.
    pub fn fields(&self) -> Vec<String> {
        let body = self.json();
        body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

pub async fn get(url: &str, token: Option<&str>) -> Answer {
    send(reqwest::Client::new().get(url), token).await
}

pub async fn send(mut request: reqwest::RequestBuilder, token: Option<&str>) -> Answer {
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    if status >= 400 {
        keep(&text);
    }
    Answer { status, headers, text }
}

/// Errors are looked at when all tests have run: see `traces`.
fn keep(error: &str) {
    static FILE: LazyLock<Mutex<File>> = LazyLock::new(|| {
        let folder = scratch_dir("answers").join("errors");
        std::fs::create_dir_all(&folder).unwrap();
        Mutex::new(File::create(folder.join("answers.txt")).unwrap())
    });
    writeln!(FILE.lock().unwrap(), "{error}").unwrap();
}

pub const REPORTS: [&str; 5] = ["campaigns", "agents", "call-volume", "compliance", "dispositions"];

/// Any request, with a JSON body where there is one.
pub async fn request(method: &str, url: &str, token: &str, body: Option<&Value>) -> Answer {
    let request = reqwest::Client::new().request(method.parse().unwrap(), url);
    send(if let Some(body) = body { request.json(body) } else { request }, Some(token)).await
}

/// For a client of the services at this address.
pub async fn aws(endpoint: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(endpoint)
        .load()
        .await
}
