//! Reports of several windows, through the gateway, and as plain SQL.

use anyhow::Result;
use serde::Serialize;
use tokio_postgres::Client;

use super::data::TENANTS;
use crate::bench::client::Api;
use crate::bench::data::{self, WINDOW};
use crate::bench::direct::{Direct, Question};
use crate::bench::measure::{REPORTS, WARM_UP, median, ms, percentile, request};
use crate::stack::Stack;

/// A window by its name: from, and before which instant.
type Window = (&'static str, (&'static str, &'static str));

const SHORT: [Window; 2] = [
    ("1 hour", ("2026-10-15T10:00:00Z", "2026-10-15T11:00:00Z")),
    ("1 day", ("2026-10-15T00:00:00Z", "2026-10-16T00:00:00Z")),
];
pub const MONTHS: [Window; 3] = [
    ("30 days", WINDOW),
    ("30 ragged days", ("2026-10-01T05:17:23Z", "2026-10-30T18:42:19Z")),
    // In the middle of a slot, and nearly of an hour, at either end.
    ("30 most ragged days", ("2026-10-01T05:28:31Z", "2026-10-30T18:31:29Z")),
];
/// Times that plain SQL is run, and where there are so many attempts that once takes many seconds.
const PLAIN_RUNS: usize = 5;
const PLAIN_RUNS_OF_MANY: usize = 3;
const MANY: u64 = 1_000_000;

/// One report of one window, in milliseconds.
#[derive(Debug, Serialize)]
pub struct WindowTiming {
    pub report: &'static str,
    pub window: &'static str,
    pub gateway_p50_ms: f64,
    pub gateway_p95_ms: f64,
    /// The same statements straight to PostgreSQL, without folded counts.
    pub plain_p50_ms: f64,
}

/// Measures all reports of all windows of the tenant that has so many attempts.
pub async fn measure(stack: &Stack, client: &Client, attempts: u64, requests: usize) -> Result<Vec<WindowTiming>> {
    let token = data::key(client, TENANTS[0]).await?;
    let plain_runs = if attempts > MANY { PLAIN_RUNS_OF_MANY } else { PLAIN_RUNS };
    let mut timings = Vec::new();
    for report in REPORTS {
        eprintln!("Measuring {report} of {attempts} attempts.");
        for (window, instants) in SHORT.into_iter().chain(MONTHS) {
            // A connection is not kept for as long as plain SQL may take.
            let mut api = Api::connect(stack, &token).await?;
            let mut gateway = through_gateway(&mut api, report, instants, requests).await?;
            let mut plain = plainly(stack, report, instants, plain_runs).await?;
            let timing = WindowTiming {
                report,
                window,
                gateway_p50_ms: median(&mut gateway),
                gateway_p95_ms: percentile(&mut gateway, 95),
                plain_p50_ms: median(&mut plain),
            };
            // What takes an hour says what it has found on the way.
            eprintln!("{window}: {:.1} ms, plain {:.1} ms", timing.gateway_p50_ms, timing.plain_p50_ms);
            timings.push(timing);
        }
    }
    stack.lambda.forget();
    Ok(timings)
}

/// Warm requests.
async fn through_gateway(api: &mut Api, report: &str, window: (&str, &str), requests: usize) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for round in 0..requests + WARM_UP {
        let took = ms(request(api, report, window).await?);
        if round >= WARM_UP {
            times.push(took);
        }
    }
    Ok(times)
}

async fn plainly(stack: &Stack, report: &str, window: (&'static str, &'static str), runs: usize) -> Result<Vec<f64>> {
    let direct = Direct::connect(stack, report, &Question { tenant: TENANTS[0], window, is_plain: true }).await?;
    let mut times = Vec::new();
    for _ in 0..runs {
        times.push(ms(direct.run().await?));
    }
    Ok(times)
}
