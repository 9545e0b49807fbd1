//! Runs a statement and writes its result within the service's limits.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use serde_json::{Map, Value, json};
use tokio_postgres::{Column, Row, Statement as Prepared};

use super::Fault;
use super::request::ExecuteRequest;
use super::session::Lease;
use super::sql::Statement;
use super::value::{Bound, write_field};

/// A call may take 45 seconds.
pub const TIME_OUT: Duration = Duration::from_secs(45);
/// 1 MiB of result.
const LARGEST_RESULT: usize = 1 << 20;
/// 64 KB of row.
const LARGEST_ROW: usize = 64 << 10;

/// Runs one statement.
pub async fn run(
    lease: &Lease,
    statement: &Statement,
    parameters: &[Bound],
    request: &ExecuteRequest,
) -> Result<Bytes, Fault> {
    let execution = execute(lease, statement, parameters, request);
    tokio::time::timeout(TIME_OUT, execution).await.unwrap_or_else(|_| Err(Fault::timed_out()))
}

/// Runs a statement once for each set of parameters. Without a transaction each is committed by itself.
pub async fn run_batch(lease: &Lease, statement: &Statement, sets: &[Vec<Bound>]) -> Result<Bytes, Fault> {
    let all = async {
        let client = lease.client()?;
        let mut results = Vec::with_capacity(sets.len());
        for set in sets {
            let prepared = prepare(lease, statement, set).await?;
            let parameters: Vec<_> = set.iter().map(Bound::as_sql).collect();
            client.execute(&prepared, &parameters).await?;
            results.push(json!({"generatedFields": []}));
        }
        Ok(json!({"updateResults": results}).to_string().into())
    };
    tokio::time::timeout(TIME_OUT, all).await.unwrap_or_else(|_| Err(Fault::timed_out()))
}

async fn prepare(lease: &Lease, statement: &Statement, parameters: &[Bound]) -> Result<Prepared, Fault> {
    let types: Vec<_> = parameters.iter().map(|parameter| parameter.kind.clone()).collect();
    Ok(lease.client()?.prepare_typed(&statement.text, &types).await?)
}

async fn execute(
    lease: &Lease,
    statement: &Statement,
    parameters: &[Bound],
    request: &ExecuteRequest,
) -> Result<Bytes, Fault> {
    let prepared = prepare(lease, statement, parameters).await?;
    let as_json = match request.format_records_as.as_deref() {
        None | Some("NONE") => false,
        Some("JSON") => true,
        Some(_) => return Err(Fault::validation("formatRecordsAs must be NONE or JSON.")),
    };
    let is_select = is_select(&statement.text);
    if as_json && !is_select {
        return Err(Fault::new(
            400,
            "BadRequestException",
            "formatRecordsAs JSON is supported for SELECT statements only.",
        ));
    }
    let parameters = parameters.iter().map(Bound::as_sql);
    let mut rows = pin!(lease.client()?.query_raw(&prepared, parameters).await?);
    // Written as they come: a result may be a megabyte, and an export asks for hundreds of them.
    let mut records = vec![b'['];
    while let Some(row) = rows.try_next().await? {
        if records.len() > 1 {
            records.push(b',');
        }
        let begin = records.len();
        write_record(&row, &mut records)?;
        if records.len() - begin > LARGEST_ROW || records.len() > LARGEST_RESULT {
            return Err(Fault::too_large());
        }
    }
    records.push(b']');
    let affected = rows.rows_affected().unwrap_or(0);
    let mut answer = Map::new();
    answer.insert("numberOfRecordsUpdated".into(), json!(if is_select { 0 } else { affected }));
    if !is_select {
        answer.insert("generatedFields".into(), json!([]));
    }
    let columns = prepared.columns();
    if as_json {
        answer.insert("formattedRecords".into(), Value::String(formatted(columns, &records)));
    } else if !columns.is_empty() {
        if request.include_result_metadata {
            answer.insert("columnMetadata".into(), columns.iter().map(metadata).collect());
        }
        return Ok(with_records(answer, &records));
    }
    Ok(Value::Object(answer).to_string().into())
}

fn write_record(row: &Row, out: &mut Vec<u8>) -> Result<(), Fault> {
    out.push(b'[');
    for index in 0..row.len() {
        if index > 0 {
            out.push(b',');
        }
        write_field(row, index, out)?;
    }
    out.push(b']');
    Ok(())
}

/// The answer's object with one field more.
fn with_records(answer: Map<String, Value>, records: &[u8]) -> Bytes {
    let mut text = Value::Object(answer).to_string().into_bytes();
    text.pop();
    text.extend_from_slice(b",\"records\":");
    text.extend_from_slice(records);
    text.push(b'}');
    text.into()
}

/// Whether the statement only reads, by its first word; `with` only if nothing in it writes.
fn is_select(sql: &str) -> bool {
    let code: String =
        sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join(" ").to_lowercase();
    let mut words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    match words.next() {
        Some("select" | "values" | "table" | "show") => true,
        Some("with") => !words.any(|word| matches!(word, "insert" | "update" | "delete" | "merge")),
        _ => false,
    }
}

fn formatted(columns: &[Column], records: &[u8]) -> String {
    let records: Vec<Vec<Value>> = serde_json::from_slice(records).unwrap_or_default();
    let objects: Vec<Value> = records
        .into_iter()
        .map(|record| {
            let values =
                record.into_iter().map(|field| match field.as_object().and_then(|field| field.iter().next()) {
                    Some((kind, value)) if kind != "isNull" => value.clone(),
                    _ => Value::Null,
                });
            Value::Object(columns.iter().map(|column| column.name().to_owned()).zip(values).collect())
        })
        .collect();
    Value::Array(objects).to_string()
}

fn metadata(column: &Column) -> Value {
    json!({
        "arrayBaseColumnType": 0,
        "isAutoIncrement": false,
        "isCaseSensitive": true,
        "isCurrency": false,
        "isSigned": matches!(column.type_().name(), "int2" | "int4" | "int8" | "float4" | "float8" | "numeric"),
        "label": column.name(),
        "name": column.name(),
        "nullable": 2,
        "precision": 0,
        "scale": 0,
        "schemaName": "",
        "tableName": "",
        "type": 0,
        "typeName": column.type_().name(),
    })
}

#[cfg(test)]
mod tests {
    use super::is_select;

    #[test]
    fn reading_and_writing() {
        assert!(is_select("-- name\nselect 1"));
        assert!(is_select("with a as (select 1) select * from a"));
        assert!(!is_select("with a as (update t set x = 1 returning x) select * from a"));
        assert!(!is_select("insert into t values (1) returning id"));
    }
}
