//! The same statements sent straight to PostgreSQL.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::data::{TENANT, WINDOW};
use crate::binaries::workspace;
use crate::data_api::{Bound, Parameter, bind, parse_statement};

/// The statements that a report sends at once, by file.
pub fn statements(report: &str) -> &'static [&'static str] {
    match report {
        "campaigns" => &["campaign_funnel"],
        "agents" => &["agent_activity"],
        "call-volume" => &["call_volume"],
        "compliance" => &["dnc_entries", "campaign_compliance"],
        _ => &["disposition_mix"],
    }
}

/// One statement, ready to be run with parameters of the types that the Data API gives them.
pub struct Direct {
    text: String,
    parameters: Vec<Bound>,
}

impl Direct {
    /// From its file, with the parameters of the measured request.
    pub fn read(name: &str) -> Result<Self> {
        let file = workspace().join(format!("shared/reports/src/sql/{name}.sql"));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let statement = parse_statement(&code).map_err(|fault| anyhow!("{name}: {fault:?}"))?;
        let parameters: Vec<Parameter> = statement.names.iter().map(|name| parameter(name)).collect::<Result<_>>()?;
        let parameters = bind(&statement, &parameters).map_err(|fault| anyhow!("{name}: {fault:?}"))?;
        Ok(Self { text: statement.text, parameters })
    }

    /// Prepares and runs it as the Data API does, and takes the time.
    pub async fn run(&self, client: &Client) -> Result<Duration> {
        let started = Instant::now();
        let types: Vec<Type> = self.parameters.iter().map(|parameter| parameter.kind.clone()).collect();
        let prepared = client.prepare_typed(&self.text, &types).await?;
        let values: Vec<_> = self.parameters.iter().map(Bound::as_sql).collect();
        client.query(&prepared, &values).await?;
        Ok(started.elapsed())
    }
}

fn parameter(name: &str) -> Result<Parameter> {
    let value: Value = match name {
        "tenant_id" => json!({"stringValue": TENANT.to_string()}),
        "from" => json!({"stringValue": WINDOW.0}),
        "to" => json!({"stringValue": WINDOW.1}),
        "timezone" => json!({"stringValue": "UTC"}),
        "page_size" => json!({"longValue": 1_000}),
        _ => json!({"isNull": true}),
    };
    Ok(serde_json::from_value(json!({"name": name, "value": value}))?)
}
