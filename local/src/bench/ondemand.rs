//! On-demand reports: from the order to the file.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::client::Api;
use super::data::{self, AUDITED_TENANT, DAYS, SMALL_TENANT, TENANT};
use super::measure::{median, ms};
use crate::stack::Stack;

/// The function that makes the files.
const FUNCTION: &str = "report-generate";
const TYPES: [&str; 5] =
    ["call_summary", "qa_performance", "compliance_audit", "agent_coaching", "campaign_performance"];
const FORMATS: [&str; 3] = ["json", "csv", "pdf"];
/// A day of the small tenant.
const SMALL_DAY: (&str, &str) = ("2026-10-14", "2026-10-14");
/// Times that a small report is made.
const SMALL_ORDERS: usize = 20;

/// The figures of on-demand reports.
#[derive(Debug, Serialize)]
pub struct OndemandCost {
    /// A month of the measured tenant.
    pub month: Vec<ReportCost>,
    /// The most memory of a process that made all warm ones of these, one after the other.
    pub month_peak_memory_mb: f64,
    pub violations: u64,
    /// Nothing but violations.
    pub audits: Vec<ReportCost>,
    /// A day of the small tenant.
    pub day: Vec<ReportCost>,
}

/// One type in one format.
#[derive(Debug, Serialize)]
pub struct ReportCost {
    pub r#type: &'static str,
    pub format: &'static str,
    pub bytes: u64,
    pub pages: Option<u64>,
    /// From the order to the answer that says that it is completed: with new processes of all functions.
    pub cold_ms: f64,
    /// The same with processes that are there; the median.
    pub warm_ms: f64,
    pub slowest_warm_ms: f64,
    /// Calls of the database, as the function tells them; the median of the warm ones.
    pub database_ms: f64,
    /// Laying out the document, as the function tells it.
    pub cold_pdf_ms: Option<f64>,
    /// The median of the warm ones.
    pub pdf_ms: Option<f64>,
    /// The most memory of a process that made this report and nothing else.
    pub peak_memory_mb: f64,
}

/// What a function says of a report in its log.
#[derive(Clone, Copy, Deserialize)]
struct Told {
    db_ms: f64,
    pdf_ms: Option<f64>,
}

/// A report that was made.
struct Made {
    id: String,
    took_ms: f64,
    bytes: u64,
    pages: Option<u64>,
}

/// Measures the month of the measured tenant, which is there, and the others, which are made. Leaves no process behind.
pub async fn measure(stack: &Stack, client: &Client, orders: usize, violations: u64) -> Result<OndemandCost> {
    data::fill_reviews(client, TENANT).await.context("the evaluations and checks of the measured tenant")?;
    let in_all_formats = |kind| FORMATS.map(|format| (kind, format));
    let mut reports: Vec<_> = TYPES.into_iter().flat_map(in_all_formats).collect();
    reports.push(("cdr_export", "csv"));
    let month = Series::connect(stack, client, TENANT, DAYS).await?.measure(&reports, orders).await?;
    let month_peak_memory_mb = peak_memory_mb(stack)?;

    let mut audits = Vec::new();
    if violations > 0 {
        data::fill_violations(client, violations).await.context("the audited tenant")?;
        let mut series = Series::connect(stack, client, AUDITED_TENANT, DAYS).await?;
        audits = series.measure(&in_all_formats("compliance_audit"), orders).await?;
    }

    data::fill_small(client).await.context("the small tenant")?;
    let reports = [("call_summary", "json"), ("qa_performance", "json"), ("qa_performance", "pdf")];
    let day = Series::connect(stack, client, SMALL_TENANT, SMALL_DAY).await?.measure(&reports, SMALL_ORDERS).await?;
    stack.lambda.forget();
    Ok(OndemandCost { month, month_peak_memory_mb, violations, audits, day })
}

fn peak_memory_mb(stack: &Stack) -> Result<f64> {
    let measured = stack.lambda.measure(FUNCTION).with_context(|| format!("{FUNCTION} was not measured"))?;
    Ok(measured.peak_memory_kb as f64 / 1_024.0)
}

/// Reports of one tenant and window, made one after the other.
struct Series<'a> {
    stack: &'a Stack,
    client: &'a Client,
    api: Api,
    days: (&'static str, &'static str),
}

impl<'a> Series<'a> {
    async fn connect(
        stack: &'a Stack,
        client: &'a Client,
        tenant: Uuid,
        days: (&'static str, &'static str),
    ) -> Result<Self> {
        let token = data::key(client, tenant).await?;
        Ok(Self { stack, client, api: Api::connect(stack, &token).await?, days })
    }

    /// Each once cold, and then each so often warm, in turns, by processes that stay.
    async fn measure(&mut self, reports: &[(&'static str, &'static str)], orders: usize) -> Result<Vec<ReportCost>> {
        let mut cold = Vec::new();
        for (kind, format) in reports {
            self.stack.lambda.forget();
            cold.push((self.make(kind, format).await?, peak_memory_mb(self.stack)?));
        }
        // The memory of those that stay is to be that of the warm ones, and the first of these is not to start them.
        self.stack.lambda.forget();
        let (kind, format) = reports.first().context("no reports")?;
        self.make(kind, format).await?;
        let mut warm: Vec<Vec<Made>> = reports.iter().map(|_| Vec::new()).collect();
        for _ in 0..orders {
            for ((kind, format), made) in reports.iter().zip(&mut warm) {
                made.push(self.make(kind, format).await?);
            }
        }
        let told = told(&self.stack.lambda.logged(FUNCTION)?);
        let told =
            |made: &Made| told.get(&made.id).copied().with_context(|| format!("nothing was logged of {}", made.id));
        let mut costs = Vec::new();
        for ((&(r#type, format), (cold, peak_memory_mb)), warm) in reports.iter().zip(cold).zip(&warm) {
            let warm_told = warm.iter().map(told).collect::<Result<Vec<Told>>>()?;
            let mut times: Vec<f64> = warm.iter().map(|made| made.took_ms).collect();
            let mut database: Vec<f64> = warm_told.iter().map(|told| told.db_ms).collect();
            let mut pdf: Vec<f64> = warm_told.iter().filter_map(|told| told.pdf_ms).collect();
            costs.push(ReportCost {
                r#type,
                format,
                bytes: cold.bytes,
                pages: cold.pages,
                cold_ms: cold.took_ms,
                warm_ms: median(&mut times),
                slowest_warm_ms: times.iter().copied().fold(0.0, f64::max),
                database_ms: median(&mut database),
                cold_pdf_ms: told(&cold)?.pdf_ms,
                pdf_ms: (!pdf.is_empty()).then(|| median(&mut pdf)),
                peak_memory_mb,
            });
        }
        Ok(costs)
    }

    /// Orders a report, waits for it, and removes its file.
    async fn make(&mut self, kind: &str, format: &str) -> Result<Made> {
        let order = json!({"type": kind, "format": format, "from": self.days.0, "to": self.days.1});
        let started = Instant::now();
        let id = self.api.make(&order).await?;
        let took_ms = ms(started.elapsed());
        // Its log, and its process, which the next report is to find idle.
        self.stack.lambda.settle(FUNCTION).await?;
        let columns = "file_key, file_bytes, page_count::bigint";
        let row =
            self.client.query_one(&format!("select {columns} from on_demand_reports where id = $1"), &[&id]).await?;
        let (key, bytes, pages): (String, i64, Option<i64>) = (row.get(0), row.get(1), row.get(2));
        std::fs::remove_file(self.stack.endpoints.bucket_dir.join(key))?;
        Ok(Made { id, took_ms, bytes: bytes as u64, pages: pages.map(|pages| pages as u64) })
    }
}

/// By report, what the lines of a log say that tell of a report that was made.
fn told(log: &str) -> BTreeMap<String, Told> {
    #[derive(Deserialize)]
    struct Line {
        report_id: String,
        #[serde(flatten)]
        told: Told,
    }
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    lines.map(|line| (line.report_id, line.told)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_function_tells() {
        let told = told(concat!(
            "panicked at\n",
            "{\"level\":\"INFO\",\"outcome\":\"nothing to do\",\"report_id\":\"rpt_0\"}\n",
            "{\"level\":\"INFO\",\"outcome\":\"completed\",\"report_id\":\"rpt_1\",\"db_calls\":3,\"db_ms\":12}\n",
            "{\"level\":\"INFO\",\"outcome\":\"completed\",\"report_id\":\"rpt_2\",\"db_ms\":7,\"pdf_ms\":3.25}\n",
        ));
        assert_eq!(told.keys().collect::<Vec<_>>(), ["rpt_1", "rpt_2"]);
        assert_eq!((told["rpt_1"].db_ms, told["rpt_1"].pdf_ms), (12.0, None));
        assert_eq!(told["rpt_2"].pdf_ms, Some(3.25));
    }
}
