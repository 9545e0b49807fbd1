//! How the reports of 30 days grow from the small size to the large one.

use anyhow::Result;
use serde::Serialize;

use super::Scratch;
use super::data::TENANTS;
use super::reports::MONTHS;
use crate::bench::client::Api;
use crate::bench::data;
use crate::bench::measure::{REPORTS, WARM_UP, median, ms, request};

/// One report of one window through the gateway, in milliseconds.
#[derive(Debug, Serialize)]
pub struct Growth {
    pub report: &'static str,
    pub window: &'static str,
    pub small_p50_ms: f64,
    pub large_p50_ms: f64,
    /// Large over small.
    pub ratio: f64,
}

/// Asks both stacks in turns, so that a machine that is busier for a while is so for both.
pub async fn measure(small: &Scratch, large: &Scratch, requests: usize) -> Result<Vec<Growth>> {
    let mut small_api = connect(small).await?;
    let mut large_api = connect(large).await?;
    let mut growth = Vec::new();
    for report in REPORTS {
        for (window, instants) in MONTHS {
            let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
            for round in 0..requests + WARM_UP {
                let short = ms(request(&mut small_api, report, instants).await?);
                let long = ms(request(&mut large_api, report, instants).await?);
                if round >= WARM_UP {
                    of_small.push(short);
                    of_large.push(long);
                }
            }
            let (small_p50_ms, large_p50_ms) = (median(&mut of_small), median(&mut of_large));
            growth.push(Growth { report, window, small_p50_ms, large_p50_ms, ratio: large_p50_ms / small_p50_ms });
        }
    }
    small.stack.lambda.forget();
    large.stack.lambda.forget();
    Ok(growth)
}

async fn connect(scratch: &Scratch) -> Result<Api> {
    Api::connect(&scratch.stack, &data::key(&scratch.client, TENANTS[0]).await?).await
}
