//! `cargo local load TABLE FILE.csv[.gz]`: rows into a table of the dialer, all of a file or nothing.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use futures::SinkExt;
use tokio_postgres::Client;

/// The tables that a dialer writes.
pub const TABLES: [&str; 10] = [
    "tenants",
    "agents",
    "campaigns",
    "leads",
    "dispositions",
    "dial_attempts",
    "cdrs",
    "agent_state_intervals",
    "dnc_entries",
    "compliance_checks",
];

const CHUNK: usize = 1 << 18;

/// Loads a file whose header names columns, and returns how many rows it had. An empty unquoted cell is NULL.
///
/// A bad row stops it: the error has the line of the file, counted from 1, as PostgreSQL's COPY tells it.
pub async fn load(client: &mut Client, table: &str, file: &Path) -> Result<u64> {
    ensure!(TABLES.contains(&table), "there is no table {table} to load; there are: {}", TABLES.join(", "));
    ensure!(!file.is_dir(), "{} is a folder", file.display());
    let columns = check(file)?;
    let known: Vec<String> = client
        .query("select column_name::text from information_schema.columns where table_schema = 'public' and table_name = $1", &[&table])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    for (index, column) in columns.iter().enumerate() {
        ensure!(!columns[..index].contains(column), "line 1: the column {column:?} is there twice");
        ensure!(known.contains(column), "line 1: {table} has no column {column:?}; it has: {}", known.join(", "));
    }
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let copy = format!("copy {table} ({}) from stdin (format csv, header true)", names.join(", "));
    let transaction = client.transaction().await?;
    let explained = |error| explain(error, file, &columns);
    let sink = transaction.copy_in(&copy).await?;
    let mut sink = std::pin::pin!(sink);
    let mut reader = open(file)?;
    loop {
        let mut chunk = vec![0; CHUNK];
        let length = reader.read(&mut chunk).with_context(|| format!("cannot read {}", file.display()))?;
        if length == 0 {
            break;
        }
        chunk.truncate(length);
        sink.send(Bytes::from(chunk)).await.map_err(explained)?;
    }
    let rows = sink.finish().await.map_err(explained)?;
    transaction.commit().await.map_err(explained)?;
    Ok(rows)
}

fn open(file: &Path) -> Result<Box<dyn Read>> {
    let reader = BufReader::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?);
    Ok(if file.extension().is_some_and(|extension| extension == "gz") {
        Box::new(MultiGzDecoder::new(reader))
    } else {
        Box::new(reader)
    })
}

/// Reads the whole file once for what COPY would only say badly: text that is not UTF-8, rows of another width.
fn check(file: &Path) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(open(file)?);
    let columns: Vec<String> = reader.headers().context("line 1 is no header")?.iter().map(str::to_owned).collect();
    if columns.iter().all(String::is_empty) {
        bail!("line 1 is no header");
    }
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(columns),
            Err(error) => match error.kind() {
                csv::ErrorKind::Utf8 { pos: Some(position), .. } => bail!("line {}: is not UTF-8", position.line()),
                csv::ErrorKind::UnequalLengths { pos: Some(position), expected_len, len } => {
                    bail!("line {}: has {len} cells, the header has {expected_len}", position.line())
                }
                _ => return Err(error).with_context(|| format!("cannot read {}", file.display())),
            },
        }
    }
}

/// PostgreSQL's words, with the line from its context (`COPY cdrs, line 3, column talk_secs: "x"`). A foreign key is
/// checked after the last row, without a context: then the line is looked up by the key.
fn explain(error: tokio_postgres::Error, file: &Path, columns: &[String]) -> anyhow::Error {
    let Some(error) = error.as_db_error() else { return error.into() };
    let line = error.where_().and_then(line_of_context);
    let line = line.or_else(|| line_of_key(error.detail()?, file, columns).map(|line| line.to_string()));
    let detail = error.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
    match line {
        Some(line) => anyhow::anyhow!("line {line}: {}{detail}", error.message()),
        None => anyhow::anyhow!("{}{detail}", error.message()),
    }
}

/// `3, column talk_secs: "x"`, or just `3` where the rest would be the whole row, which may be personal.
fn line_of_context(context: &str) -> Option<String> {
    let (_, place) = context.lines().find_map(|line| line.strip_prefix("COPY ")?.split_once(", line "))?;
    let digits = place.find(|c: char| !c.is_ascii_digit()).unwrap_or(place.len());
    let is_column = place[digits..].starts_with(", column ");
    Some(if is_column { place.to_owned() } else { place[..digits].to_owned() })
}

/// The line of the row with the key of `Key (tenant_id, lead_id)=(..., ...) is not present in table "leads".`
fn line_of_key(detail: &str, file: &Path, columns: &[String]) -> Option<u64> {
    let (names, rest) = detail.strip_prefix("Key (")?.split_once(")=(")?;
    let (values, _) = rest.split_once(") is not present")?;
    let key: Vec<(usize, &str)> = names
        .split(", ")
        .zip(values.split(", "))
        .map(|(name, value)| Some((columns.iter().position(|column| column == name)?, value)))
        .collect::<Option<_>>()?;
    let mut reader = csv::Reader::from_reader(open(file).ok()?);
    reader
        .records()
        .filter_map(std::result::Result::ok)
        .find(|row| {
            key.iter().all(|(index, value)| row.get(*index).is_some_and(|cell| cell.eq_ignore_ascii_case(value)))
        })?
        .position()
        .map(csv::Position::line)
}
