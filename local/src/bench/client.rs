//! A client of the gateway.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::http::request::Builder;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::stack::Stack;

/// How long it waits before it asks again how far a report is.
const POLL: Duration = Duration::from_millis(20);

/// Requests of one caller, over a connection that is kept.
pub struct Api {
    sender: SendRequest<Full<Bytes>>,
    token: String,
}

impl Api {
    /// Connects.
    pub async fn connect(stack: &Stack, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(stack.endpoints.api.trim_start_matches("http://")).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, token: token.to_owned() })
    }

    /// Asks, and reads the answer to its end.
    pub async fn get(&mut self, path: &str) -> Result<(u16, Bytes)> {
        self.send(Request::get(path), Full::default()).await
    }

    /// Orders a report, and waits until it is completed. Says which it is.
    pub async fn make(&mut self, order: &Value) -> Result<String> {
        let request = Request::post("/api/v1/reports").header("content-type", "application/json");
        let (status, receipt) = self.send(request, Full::from(order.to_string())).await?;
        ensure!(status == 202, "{order}: {status}: {}", String::from_utf8_lossy(&receipt));
        self.wait(&receipt).await
    }

    /// Waits for the report of a receipt. Says which it is.
    pub async fn wait(&mut self, receipt: &[u8]) -> Result<String> {
        let receipt: Value = serde_json::from_slice(receipt)?;
        let id = receipt["report_id"].as_str().context("no report_id")?;
        loop {
            let (_, report) = self.get(&format!("/api/v1/reports/{id}")).await?;
            let report: Value = serde_json::from_slice(&report)?;
            match report["status"].as_str() {
                Some("completed") => return Ok(id.to_owned()),
                Some("generating") => tokio::time::sleep(POLL).await,
                _ => bail!("{receipt} came to {report}"),
            }
        }
    }

    async fn send(&mut self, request: Builder, body: Full<Bytes>) -> Result<(u16, Bytes)> {
        let request =
            request.header("host", "bench").header("authorization", format!("Bearer {}", self.token)).body(body)?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
