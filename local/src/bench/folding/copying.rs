//! What noting costs a dialer that writes many attempts at once.

use std::time::Instant;

use anyhow::Result;
use serde::Serialize;
use tokio_postgres::Client;

use super::data::{ATTEMPT_COLUMNS, Noting, TENANTS, draw_attempts, leads, set_noting};
use crate::bench::measure::median;

/// Times that attempts are copied with triggers and without, in turns; which is first alternates.
const ROUNDS: usize = 4;
/// Times without the index.
const BARE_RUNS: usize = 2;
/// The last days of the window.
const LAST_DAYS: (&str, u32) = ("2026-10-24T00:00:00Z", 7);

/// `COPY` of attempts into a tenant that is folded.
#[derive(Debug, Serialize)]
pub struct CopyCost {
    pub attempts: u64,
    /// Without the index of a lead's attempts either.
    pub bare_secs: f64,
    pub without_triggers_secs: f64,
    pub with_triggers_secs: f64,
    /// Median of the ratios of neighbours: what the triggers cost.
    pub with_to_without: f64,
    /// What triggers and index cost together: of the medians.
    pub with_to_bare: f64,
}

/// Copies so many attempts into the measured tenant, which has as many as it was filled with before and afterwards.
pub async fn measure(client: &Client, filled: u64, copied: u64) -> Result<CopyCost> {
    let file = write_file(client, filled, copied).await?;
    let (mut bare, mut without, mut with, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let definition = drop_index(client).await?;
    for _ in 0..BARE_RUNS {
        bare.push(copy(client, &file, Noting::Off).await?);
    }
    client.batch_execute(&definition).await?;
    // The first one splits pages that are full since the index was made; they stay so.
    copy(client, &file, Noting::Off).await?;
    for round in 0..ROUNDS {
        let (plain, noted);
        if round % 2 == 0 {
            plain = copy(client, &file, Noting::Off).await?;
            noted = copy(client, &file, Noting::On).await?;
        } else {
            noted = copy(client, &file, Noting::On).await?;
            plain = copy(client, &file, Noting::Off).await?;
        }
        eprintln!("{plain:.1} s, with triggers {noted:.1} s");
        without.push(plain);
        with.push(noted);
        ratios.push(noted / plain);
    }
    set_noting(client, Noting::On).await?;
    let (bare_secs, with_triggers_secs) = (median(&mut bare), median(&mut with));
    Ok(CopyCost {
        attempts: copied,
        bare_secs,
        without_triggers_secs: median(&mut without),
        with_triggers_secs,
        with_to_without: median(&mut ratios),
        with_to_bare: with_triggers_secs / bare_secs,
    })
}

/// Drops the index that finds a lead's attempts. Says how to make it again.
async fn drop_index(client: &Client) -> Result<String> {
    let name = "dial_attempts_by_lead";
    let row = client.query_one("select pg_get_indexdef($1::text::regclass)", &[&name]).await?;
    client.batch_execute(&format!("drop index {name}")).await?;
    Ok(row.get(0))
}

/// The attempts in a file of the server, in its own folder: it can write nowhere else for sure. Says where it is.
async fn write_file(client: &Client, filled: u64, copied: u64) -> Result<String> {
    let folder: String = client.query_one("show data_directory", &[]).await?.get(0);
    let file = format!("{folder}/copied-attempts");
    let rows = draw_attempts(TENANTS[0], "copied", copied, leads(filled), LAST_DAYS.0, LAST_DAYS.1);
    client.batch_execute(&format!("select setseed(0.25); copy ({rows}) to '{file}'")).await?;
    Ok(file)
}

/// Copies the attempts, in seconds without the commit, and takes them back.
async fn copy(client: &Client, file: &str, noting: Noting) -> Result<f64> {
    set_noting(client, noting).await?;
    client.batch_execute("checkpoint; begin").await?;
    let started = Instant::now();
    client.batch_execute(&format!("copy dial_attempts ({ATTEMPT_COLUMNS}) from '{file}'")).await?;
    let secs = started.elapsed().as_secs_f64();
    client.batch_execute("rollback").await?;
    client.batch_execute("vacuum analyze dial_attempts, attempt_changes").await?;
    Ok(secs)
}
