//! The export of raw calls, against `psql \copy` of the same rows.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use tokio_postgres::Client;

use super::client::Api;
use super::data::{EXPORT_TENANT, WINDOW};
use super::measure::median;
use crate::stack::Stack;

/// Times that both are measured, one after the other.
const ROUNDS: usize = 3;

/// The figures of the export.
#[derive(Debug, Serialize)]
pub struct ExportCost {
    pub calls: u64,
    pub bytes: u64,
    /// From the request to the file in the bucket.
    pub export_secs: f64,
    pub copy_secs: f64,
    /// Median of the ratios of neighbours.
    pub export_to_copy: f64,
    pub rows_per_sec: f64,
    pub mb_per_sec: f64,
    /// The most memory of the function that makes the file.
    pub peak_memory_mb: f64,
}

/// The columns as they are: `\copy` writes them in its own way.
const COLUMNS: &str = "c.id, c.direction, c.from_number, c.to_number, c.campaign_id, p.name as campaign, c.agent_id, a.name as agent,
    c.lead_id, c.started_at, c.answered_at, c.ended_at, floor(extract(epoch from c.ended_at - c.started_at))::bigint as duration_secs,
    c.talk_secs, c.hangup_cause, c.q850_cause, c.disposition_code, c.recording_url, c.sentiment";

fn query(columns: &str) -> String {
    format!(
        "select {columns} from cdrs c
         left join campaigns p on p.tenant_id = c.tenant_id and p.id = c.campaign_id
         left join agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
         where c.tenant_id = '{EXPORT_TENANT}' and c.started_at >= '{}' and c.started_at < '{}'
         order by c.started_at, c.id",
        WINDOW.0, WINDOW.1
    )
    .replace('\n', " ")
}

/// Measures both, and compares the file with the rows read directly.
pub async fn measure(stack: &Stack, client: &Client, token: &str, directory: &Path) -> Result<ExportCost> {
    let calls: i64 =
        client.query_one("select count(*) from cdrs where tenant_id = $1", &[&EXPORT_TENANT]).await?.get(0);
    let (mut exports, mut copies, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut api = Api::connect(stack, token).await?;
    let (mut bytes, mut memory) = (0, 0);
    for round in 0..ROUNDS {
        let copied = copy(stack, &query(COLUMNS), &directory.join("copied.csv"))?;
        // The same query within ten minutes would get the same job.
        client.execute("delete from report_requests", &[]).await?;
        let (exported, report) = export(&mut api).await?;
        stack.lambda.settle("report-generate").await?;
        memory = memory
            .max(stack.lambda.measure("report-generate").context("report-generate was not measured")?.peak_memory_kb);
        let row =
            client.query_one("select file_key, file_bytes from on_demand_reports where id = $1", &[&report]).await?;
        let (key, length): (String, i64) = (row.get(0), row.get(1));
        bytes = length as u64;
        if round == 0 {
            compare(stack, &stack.endpoints.bucket_dir.join(&key), &directory.join("expected.csv"))?;
        }
        std::fs::remove_file(stack.endpoints.bucket_dir.join(&key))?;
        exports.push(exported.as_secs_f64());
        copies.push(copied.as_secs_f64());
        ratios.push(exported.as_secs_f64() / copied.as_secs_f64());
    }
    let export_secs = median(&mut exports);
    Ok(ExportCost {
        calls: calls as u64,
        bytes,
        export_secs,
        copy_secs: median(&mut copies),
        export_to_copy: median(&mut ratios),
        rows_per_sec: calls as f64 / export_secs,
        mb_per_sec: bytes as f64 / 1e6 / export_secs,
        peak_memory_mb: memory as f64 / 1_024.0,
    })
}

fn psql(stack: &Stack) -> Command {
    let mut psql = Command::new(stack.postgres.binary("psql"));
    psql.arg("--no-psqlrc").arg("--quiet").arg(stack.postgres.url(&stack.database)).stdin(Stdio::null());
    psql
}

/// `\copy` of a query into a file.
fn copy(stack: &Stack, query: &str, file: &Path) -> Result<Duration> {
    let command = format!("\\copy ({query}) to '{}' with (format csv, header)", file.display());
    let started = Instant::now();
    let status = psql(stack).arg("--command").arg(command).status().context("psql")?;
    ensure!(status.success(), "psql: {status}");
    Ok(started.elapsed())
}

/// From the request to the completed report.
async fn export(api: &mut Api) -> Result<(Duration, String)> {
    let path = format!("/api/v1/cdrs/export?from={}&to={}", WINDOW.0, WINDOW.1);
    let started = Instant::now();
    let (status, receipt) = api.get(&path).await?;
    ensure!(status == 202, "the export fitted into an answer: {status}");
    let id = api.wait(&receipt).await?;
    Ok((started.elapsed(), id))
}

/// The file is, byte for byte, what PostgreSQL writes when the guard and the form of instants are written in SQL.
fn compare(stack: &Stack, found: &Path, expected: &Path) -> Result<()> {
    let mut columns = COLUMNS.to_owned();
    for text in ["c.from_number", "c.to_number", "c.hangup_cause", "c.disposition_code", "c.recording_url"] {
        columns = columns.replace(
            text,
            &format!("case when {text} ~ '^[-=+@\\t\\r]' then '''' || {text} else {text} end as {}", &text[2..]),
        );
    }
    for instant in ["c.started_at", "c.answered_at", "c.ended_at"] {
        let name = &instant[2..];
        let text = format!(
            "to_char({instant} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || case when date_trunc('second', {instant}) = {instant}
             then 'Z' else to_char({instant} at time zone 'UTC', '.US\"Z\"') end as {name}"
        );
        columns = columns.replacen(&format!(" {instant},"), &format!(" {text},"), 1);
    }
    copy(stack, &query(&columns), expected)?;
    let lines = |file: &Path| Ok::<_, std::io::Error>(BufReader::new(std::fs::File::open(file)?).split(b'\n'));
    let (mut found, mut expected) = (lines(found)?, lines(expected)?);
    for number in 1_u64.. {
        match (found.next().transpose()?, expected.next().transpose()?) {
            (None, None) => return Ok(()),
            (Some(found), Some(expected)) if found.strip_suffix(b"\r") == Some(&expected) => {}
            (found, expected) => anyhow::bail!(
                "line {number} of the export is {:?} instead of {:?}",
                String::from_utf8_lossy(&found.unwrap_or_default()),
                String::from_utf8_lossy(&expected.unwrap_or_default())
            ),
        }
    }
    Ok(())
}
