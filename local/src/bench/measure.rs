//! Takes the times.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use super::client::Api;
use super::data::{TENANT, WINDOW};
use super::direct::{Direct, Question};
use crate::stack::Stack;

/// The reports, by the last part of their path.
pub const REPORTS: [&str; 5] = ["campaigns", "agents", "call-volume", "compliance", "dispositions"];
/// Cold starts of each function.
const STARTS: usize = 7;
/// Requests before those that are measured.
pub const WARM_UP: usize = 2;

/// One report, in milliseconds.
#[derive(Debug, Serialize)]
pub struct ReportTiming {
    pub report: &'static str,
    pub gateway_p50_ms: f64,
    pub gateway_p95_ms: f64,
    pub direct_p50_ms: f64,
    pub direct_p95_ms: f64,
    /// Median of the differences of neighbours: a request, and the same statements straight after it.
    pub added_p50_ms: f64,
}

/// One function.
#[derive(Debug, Serialize)]
pub struct FunctionCost {
    pub function: String,
    /// Median time from process start to the first poll of the Runtime API.
    pub ready_ms: f64,
    /// The most memory of any start, after a request.
    pub peak_memory_mb: f64,
    pub binary_mb: f64,
}

/// The middle one.
pub fn median(times: &mut [f64]) -> f64 {
    percentile(times, 50)
}

/// The one behind so many percent of them.
pub fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// In milliseconds.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Asks for a report of a window, and takes the time.
pub async fn request(api: &mut Api, report: &str, window: (&str, &str)) -> Result<Duration> {
    let path = format!("/api/v1/reports/{report}?from={}&to={}", window.0, window.1);
    let started = Instant::now();
    let (status, body) = api.get(&path).await?;
    let took = started.elapsed();
    ensure!(status == 200, "{report}: {status}: {}", String::from_utf8_lossy(&body));
    Ok(took)
}

/// Warm requests of one report, each followed by the same statements straight to PostgreSQL.
pub async fn report(stack: &Stack, token: &str, report: &'static str, requests: usize) -> Result<ReportTiming> {
    let question = Question { tenant: TENANT, window: WINDOW, is_plain: false };
    let direct = Direct::connect(stack, report, &question).await?;
    let mut api = Api::connect(stack, token).await?;
    let (mut gateway, mut straight, mut added) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..requests + WARM_UP {
        let through = ms(request(&mut api, report, WINDOW).await?);
        let alone = ms(direct.run().await?);
        if round >= WARM_UP {
            gateway.push(through);
            straight.push(alone);
            added.push(through - alone);
        }
    }
    Ok(ReportTiming {
        report,
        gateway_p50_ms: percentile(&mut gateway, 50),
        gateway_p95_ms: percentile(&mut gateway, 95),
        direct_p50_ms: percentile(&mut straight, 50),
        direct_p95_ms: percentile(&mut straight, 95),
        added_p50_ms: percentile(&mut added, 50),
    })
}

/// Cold starts of every function, one after the other, each with one request.
pub async fn functions(stack: &Stack, token: &str) -> Result<Vec<FunctionCost>> {
    let mut api = Api::connect(stack, token).await?;
    let mut costs = Vec::new();
    for settings in stack.template.functions()? {
        let (mut ready, mut memory) = (Vec::new(), 0);
        for start in 0..STARTS {
            stack.lambda.forget();
            match settings.name.strip_prefix("report-").filter(|report| REPORTS.contains(report)) {
                Some(report) => {
                    request(&mut api, report, WINDOW).await?;
                }
                None if settings.name == "authorizer" => {
                    // Another spelling of the header, so that the gateway's cache does not answer.
                    let spelt = format!("{}{token}", " ".repeat(start + 1));
                    request(&mut Api::connect(stack, &spelt).await?, "dispositions", WINDOW).await?;
                }
                None => {
                    stack.lambda.invoke(&settings.name, bytes::Bytes::from_static(b"{}")).await?;
                }
            }
            let measured =
                stack.lambda.measure(&settings.name).with_context(|| format!("{} was not measured", settings.name))?;
            ready.push(ms(measured.ready_after));
            memory = memory.max(measured.peak_memory_kb);
        }
        costs.push(FunctionCost {
            ready_ms: percentile(&mut ready, 50),
            peak_memory_mb: memory as f64 / 1_024.0,
            binary_mb: stack.lambda.binary_size(&settings.name)? as f64 / (1 << 20) as f64,
            function: settings.name,
        });
    }
    Ok(costs)
}
