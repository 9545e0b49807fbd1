//! `cargo local bench`: what the stack adds to the database, and what a function costs, with release binaries on a scratch
//! database. Machines differ and are noisy: read the ratios and differences, which come from one run.

mod client;
mod data;
mod digests;
mod direct;
mod export;
mod folding;
mod measure;
mod ondemand;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::binaries;
use crate::stack::{self, Stack};
use digests::DigestCost;
use export::ExportCost;
use folding::FoldingCost;
use measure::{FunctionCost, ReportTiming};
use ondemand::OndemandCost;

/// What to measure with.
#[derive(clap::Args, Clone, Debug)]
pub struct Options {
    /// Attempts of the measured tenant in 30 days; it has a fifth as many calls.
    #[arg(long, default_value_t = 1_000_000)]
    pub attempts: u64,
    /// Calls of the tenant whose calls are exported; 0 leaves the export out.
    #[arg(long, default_value_t = 1_000_000)]
    pub calls: u64,
    /// Requests for each report; 0 leaves the reports and the functions out.
    #[arg(long, default_value_t = 20)]
    pub requests: usize,
    /// Times that each on-demand report is made by functions that run already; 0 leaves them out.
    #[arg(long, default_value_t = 3)]
    pub orders: usize,
    /// Violations of the tenant that is audited on demand; 0 leaves it out.
    #[arg(long, default_value_t = 100_000)]
    pub violations: u64,
    /// Schedules that are due at once; 0 leaves the digests out.
    #[arg(long, default_value_t = 2_000)]
    pub schedules: u64,
    /// Attempts in 30 days of the tenant whose counts are folded, which is one of three; a tenth as many is measured too;
    /// 0 leaves them out.
    #[arg(long, default_value_t = 0)]
    pub fold_attempts: u64,
    /// Where the figures go, as JSON.
    #[arg(long, default_value = "target/bench.json")]
    pub output: PathBuf,
}

#[derive(Serialize)]
struct Figures {
    attempts: u64,
    calls: u64,
    cores: usize,
    reports: Vec<ReportTiming>,
    functions: Vec<FunctionCost>,
    ondemand: Option<OndemandCost>,
    export: Option<ExportCost>,
    digests: Option<DigestCost>,
    folding: Option<FoldingCost>,
}

/// Measures, prints a table, and writes JSON.
pub async fn run(options: Options) -> Result<()> {
    let directory = tempfile::Builder::new().prefix("callmetry-bench-").tempdir()?;
    let stack = Stack::start(&stack::Options::to_measure(&directory, None)?).await?;
    let client = stack.postgres.connect(&stack.database).await?;
    let (mut reports, mut functions, mut ondemand, mut export, mut digests) =
        (Vec::new(), Vec::new(), None, None, None);
    if options.requests > 0 || options.orders > 0 {
        eprintln!("Filling a tenant with {} attempts and {} calls.", options.attempts, options.attempts / 5);
        data::fill(&client, options.attempts).await.context("the measured tenant")?;
        folding::fold_everything(&stack).await.context("the measured tenant")?;
    }
    if options.requests > 0 {
        let token = data::key(&client, data::TENANT).await?;
        for report in measure::REPORTS {
            eprintln!("Measuring {report}.");
            reports.push(measure::report(&stack, &token, report, options.requests).await?);
        }
        functions = measure::functions(&stack, &token).await?;
    }
    if options.orders > 0 {
        eprintln!("Measuring reports on demand.");
        ondemand = Some(ondemand::measure(&stack, &client, options.orders, options.violations).await?);
    }
    if options.calls > 0 {
        eprintln!("Filling a tenant with {} calls to export.", options.calls);
        data::fill_calls(&client, options.calls).await.context("the exported tenant")?;
        let token = data::key(&client, data::EXPORT_TENANT).await?;
        eprintln!("Measuring the export.");
        export = Some(export::measure(&stack, &client, &token, directory.path()).await?);
    }
    if options.schedules > 0 {
        eprintln!("Measuring the digests of {} schedules.", options.schedules);
        digests = Some(digests::measure(&stack, &client, options.schedules).await?);
    }
    drop((client, stack));
    let mut folding = None;
    if options.fold_attempts > 0 {
        folding =
            Some(folding::measure(options.fold_attempts, options.requests.max(1)).await.context("folded counts")?);
    }
    let figures = Figures {
        attempts: options.attempts,
        calls: options.attempts / 5,
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        reports,
        functions,
        ondemand,
        export,
        digests,
        folding,
    };
    table::print(&figures);
    let output = if options.output.is_absolute() { options.output } else { binaries::workspace().join(options.output) };
    if let Some(folder) = output.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&output, serde_json::to_vec_pretty(&figures)?)?;
    println!("\nAs JSON: {}", output.display());
    Ok(())
}
