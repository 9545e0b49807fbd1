//! The same statements sent straight to PostgreSQL.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use super::data::{TENANT, WINDOW};
use crate::binaries::workspace;

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

/// One statement, ready to be run.
pub struct Direct {
    text: String,
    values: Vec<Option<String>>,
}

impl Direct {
    /// From its file, with the parameters of the measured request.
    pub fn read(name: &str) -> Result<Self> {
        let file = workspace().join(format!("shared/reports/src/sql/{name}.sql"));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let statement =
            crate::data_api::parse_statement(&code).map_err(|fault| anyhow::anyhow!("{name}: {fault:?}"))?;
        let values = statement.names.iter().map(|name| match name.as_str() {
            "tenant_id" => Some(TENANT.to_string()),
            "from" => Some(WINDOW.0.to_owned()),
            "to" => Some(WINDOW.1.to_owned()),
            "timezone" => Some("UTC".to_owned()),
            "page_size" => Some("1000".to_owned()),
            _ => None,
        });
        Ok(Self { values: values.collect(), text: statement.text })
    }

    /// Prepares and runs it as the Data API does, and takes the time. Every value is text, which the statement casts.
    pub async fn run(&self, client: &Client) -> Result<Duration> {
        let started = Instant::now();
        let types: Vec<Type> = self.values.iter().map(|_| Type::TEXT).collect();
        let prepared = client.prepare_typed(&self.text, &types).await?;
        let values: Vec<&(dyn ToSql + Sync)> = self.values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        client.query(&prepared, &values).await?;
        Ok(started.elapsed())
    }
}
