//! The same statements sent straight to PostgreSQL.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use futures::future::try_join_all;
use serde_json::{Value, json};
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::binaries::workspace;
use crate::data_api::{Bound, Parameter, bind, parse_statement};
use crate::stack::Stack;

/// The statements that a report sends at once, by file.
fn statements(report: &str) -> &'static [&'static str] {
    match report {
        "campaigns" => &["campaign_funnel"],
        "agents" => &["agent_activity"],
        "call-volume" => &["call_volume"],
        "compliance" => &["dnc_entries", "campaign_compliance"],
        _ => &["disposition_mix"],
    }
}

/// What a report is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub tenant: Uuid,
    pub window: (&'static str, &'static str),
    /// Whether the folded counts are left alone.
    pub is_plain: bool,
}

impl Question {
    /// A parameter of a statement, as the Data API gets it.
    fn parameter(&self, name: &str) -> Result<Parameter> {
        let value: Value = match name {
            "tenant_id" => json!({"stringValue": self.tenant.to_string()}),
            "from" => json!({"stringValue": self.window.0}),
            "to" => json!({"stringValue": self.window.1}),
            "plain" => json!({"booleanValue": self.is_plain}),
            "timezone" => json!({"stringValue": "UTC"}),
            "page_size" => json!({"longValue": 1_000}),
            _ => json!({"isNull": true}),
        };
        Ok(serde_json::from_value(json!({"name": name, "value": value}))?)
    }
}

/// The statements of a report, ready to be run, each over a connection of its own.
pub struct Direct(Vec<(Statement, Client)>);

impl Direct {
    /// Reads the files of a report and connects.
    pub async fn connect(stack: &Stack, report: &str, question: &Question) -> Result<Self> {
        let mut ready = Vec::new();
        for name in statements(report) {
            ready.push((Statement::read(name, question)?, stack.postgres.connect(&stack.database).await?));
        }
        Ok(Self(ready))
    }

    /// Runs them, at once as the report sends them, and takes the time.
    pub async fn run(&self) -> Result<Duration> {
        let started = Instant::now();
        try_join_all(self.0.iter().map(|(statement, client)| statement.run(client))).await?;
        Ok(started.elapsed())
    }
}

/// One statement with parameters of the types that the Data API gives them.
struct Statement {
    text: String,
    parameters: Vec<Bound>,
}

impl Statement {
    fn read(name: &str, question: &Question) -> Result<Self> {
        let file = workspace().join(format!("shared/reports/src/sql/{name}.sql"));
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let statement = parse_statement(&code).map_err(|fault| anyhow!("{name}: {fault:?}"))?;
        let parameters: Vec<Parameter> =
            statement.names.iter().map(|name| question.parameter(name)).collect::<Result<_>>()?;
        let parameters = bind(&statement, &parameters).map_err(|fault| anyhow!("{name}: {fault:?}"))?;
        Ok(Self { text: statement.text, parameters })
    }

    /// Prepares and runs it as the Data API does.
    async fn run(&self, client: &Client) -> Result<()> {
        let types: Vec<Type> = self.parameters.iter().map(|parameter| parameter.kind.clone()).collect();
        let prepared = client.prepare_typed(&self.text, &types).await?;
        let values: Vec<_> = self.parameters.iter().map(Bound::as_sql).collect();
        client.query(&prepared, &values).await?;
        Ok(())
    }
}
