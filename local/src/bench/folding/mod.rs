//! Folded counts: how long they take to make, how much room they need, what they do for the reports, and what they cost
//! whoever writes. Each of two sizes is measured on a stack of its own.

mod copying;
mod data;
mod growth;
mod marks;
mod reports;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_config::{BehaviorVersion, Region};
use aws_sdk_rdsdata::config::Credentials;
use callmetry_database::{Database, Settings};
use callmetry_folds::{Sizes, Step, step};
use serde::Serialize;
use tempfile::TempDir;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::iam::{ADMINISTRATOR, SECRET_KEY};
use crate::stack::{self, Stack};
use copying::CopyCost;
use data::TENANTS;
use growth::Growth;
use marks::MarkedTiming;
use reports::WindowTiming;

/// As the `claim` function connects.
const USER: &str = "callmetry_app";
/// The most attempts that are copied at once.
const COPIED: u64 = 1_000_000;
/// The most time that folding may take which is not measured.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// The figures of folded counts.
#[derive(Debug, Serialize)]
pub struct FoldingCost {
    /// A tenth of the large one.
    pub small: SizeCost,
    pub large: SizeCost,
    /// From the small one to the large one.
    pub growth: Vec<Growth>,
    /// At the small size.
    pub copying: CopyCost,
    /// At the large size.
    pub marked: Vec<MarkedTiming>,
}

/// One size.
#[derive(Debug, Serialize)]
pub struct SizeCost {
    /// Of the measured tenant, in 30 days.
    pub attempts: u64,
    pub folding: FoldTime,
    pub room: Room,
    pub reports: Vec<WindowTiming>,
}

/// Folding the measured tenant from nothing.
#[derive(Debug, Serialize)]
pub struct FoldTime {
    pub secs: f64,
    pub steps: usize,
    pub slowest_step_secs: f64,
}

/// Tables with their indexes, of all tenants. Those of attempts were made after they were filled, so they are as small as can be.
#[derive(Debug, Serialize)]
pub struct Room {
    /// What dialers write, without the next.
    pub dialer_bytes: i64,
    /// The indexes that only folding needs: of a lead's attempts, and of leads' zones.
    pub index_bytes: i64,
    /// What is folded, and what is noted for it.
    pub folded_bytes: i64,
    /// Of the dialer's.
    pub folded_percent: f64,
}

/// A stack with three tenants. What is first is dropped first.
struct Scratch {
    stack: Stack,
    client: Client,
    attempts: u64,
    _directory: TempDir,
}

/// Measures the small size, the large one, and the one beside the other.
pub async fn measure(attempts: u64, requests: usize) -> Result<FoldingCost> {
    let smaller = Scratch::fill(attempts / 10).await?;
    let small = smaller.measure(requests).await?;
    let larger = Scratch::fill(attempts).await?;
    let large = larger.measure(requests).await?;
    eprintln!("Measuring reports of both sizes in turns.");
    let growth = growth::measure(&smaller, &larger, requests).await?;
    eprintln!("Copying attempts.");
    let copying = copying::measure(&smaller.client, smaller.attempts, smaller.attempts.min(COPIED)).await?;
    drop(smaller);
    eprintln!("Measuring reports of hours that were touched since.");
    let marked = marks::measure(&larger.stack, &larger.client).await?;
    Ok(FoldingCost { small, large, growth, copying, marked })
}

/// Folds what the tenants of a stack have, so that no `claim` does it while something else is measured.
pub async fn fold_everything(stack: &Stack) -> Result<()> {
    let database = connect(stack).await?;
    callmetry_folds::fold(&database, tokio::time::Instant::now() + PATIENCE).await?;
    Ok(())
}

/// The database as the `claim` function sees it.
async fn connect(stack: &Stack) -> Result<Database> {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new(ADMINISTRATOR, SECRET_KEY, None, None, "bench"))
        .endpoint_url(&stack.endpoints.aws)
        .load()
        .await;
    let (cluster_arn, database) = stack.template.cluster()?;
    let secret_arn = stack.secrets.arn_of(USER).with_context(|| format!("{USER} has no secret"))?.to_owned();
    Ok(Database::new(&config, Settings { cluster_arn, secret_arn, database }))
}

impl Scratch {
    async fn fill(attempts: u64) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("callmetry-bench-").tempdir()?;
        let stack = Stack::start(&stack::Options::to_measure(&directory, None)?).await?;
        let client = stack.postgres.connect(&stack.database).await?;
        eprintln!("Filling a tenant with {attempts} attempts to fold, and two with a tenth of them.");
        data::fill(&client, attempts).await.context("the tenants to fold")?;
        Ok(Self { stack, client, attempts, _directory: directory })
    }

    async fn measure(&self, requests: usize) -> Result<SizeCost> {
        eprintln!("Folding.");
        let database = connect(&self.stack).await?;
        let [measured, others @ ..] = TENANTS;
        let folding = fold(&database, measured).await?;
        eprintln!("{:.1} s, {} steps, the slowest {:.1} s", folding.secs, folding.steps, folding.slowest_step_secs);
        for tenant in others {
            fold(&database, tenant).await?;
        }
        self.client.batch_execute("vacuum analyze").await?;
        let room = room(&self.client).await?;
        let reports = reports::measure(&self.stack, &self.client, self.attempts, requests).await?;
        Ok(SizeCost { attempts: self.attempts, folding, room, reports })
    }
}

/// Folds a tenant as `claim` does, step after step, until nothing is left.
async fn fold(database: &Database, tenant: Uuid) -> Result<FoldTime> {
    let mut time = FoldTime { secs: 0.0, steps: 0, slowest_step_secs: 0.0 };
    loop {
        let started = Instant::now();
        let outcome = step(database, tenant, &Sizes::default()).await.context("a step of folding")?;
        let secs = started.elapsed().as_secs_f64();
        time.secs += secs;
        time.steps += 1;
        time.slowest_step_secs = time.slowest_step_secs.max(secs);
        match outcome {
            Step::Done => return Ok(time),
            Step::More => {}
            Step::Busy => bail!("somebody else folds {tenant}"),
        }
    }
}

async fn room(client: &Client) -> Result<Room> {
    let row = client
        .query_one(
            r"select
                (sum(pg_total_relation_size(oid)) filter (where relname in
                    ('dial_attempts', 'leads', 'cdrs', 'agent_state_intervals', 'dnc_entries')))::bigint,
                (sum(pg_total_relation_size(oid)) filter (where relname like 'folded\_%'
                    or relname in ('attempt_changes', 'changed_hours', 'changed_zones', 'folds')))::bigint,
                pg_relation_size('dial_attempts_by_lead') + pg_relation_size('leads_zones')
              from pg_class
              where relnamespace = 'public'::regnamespace and relkind = 'r'",
            &[],
        )
        .await?;
    let (all_bytes, folded_bytes, index_bytes): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let dialer_bytes = all_bytes - index_bytes;
    let folded_percent = 100.0 * folded_bytes as f64 / dialer_bytes as f64;
    Ok(Room { dialer_bytes, index_bytes, folded_bytes, folded_percent })
}
