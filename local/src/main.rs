//! `cargo local`: see README.md.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use callmetry_local::postgres::Durability;
use callmetry_local::stack::{Options, Stack};
use callmetry_local::{bench, cold, load};
use clap::{Args, Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

/// The whole of Callmetry on this machine: the API, the functions, the database.
#[derive(Parser)]
#[command(name = "cargo local")]
struct Cli {
    /// Where data is kept.
    #[arg(long, default_value = ".local", global = true)]
    data_dir: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Serve {
    /// Port of the API.
    #[arg(long, default_value_t = 9000)]
    port: u16,
    /// Leave an empty database empty: the demo tenants exist, without calls.
    #[arg(long)]
    no_demo: bool,
    /// Throw the data of earlier runs away.
    #[arg(long)]
    fresh: bool,
    /// Do not fire the minute tick: the claim function runs only when it is invoked.
    #[arg(long)]
    no_tick: bool,
    /// Build and run release binaries.
    #[arg(long)]
    release: bool,
    /// Run what is in this folder, `<function>/bootstrap` as cargo lambda leaves it, and build nothing.
    #[arg(long, value_name = "DIR", conflicts_with = "release")]
    binaries: Option<PathBuf>,
    /// A parameter of template.yaml, NAME=VALUE.
    #[arg(long = "parameter", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Start with a paused database that needs so many seconds to wake at its first call.
    #[arg(long, value_name = "SECONDS")]
    asleep: Option<u64>,
}

#[derive(Subcommand)]
enum Command {
    /// Load rows into a table; the header names its columns.
    Load {
        /// The table.
        table: String,
        /// A CSV file, gzipped if its name ends in .gz.
        file: PathBuf,
    },
    /// Measure the reports with release binaries on a scratch database.
    Bench(bench::Options),
    /// Start each function with its event, on a scratch database, and say how long its first answer takes.
    Cold(cold::Options),
}

fn parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=').map(|(name, value)| (name.into(), value.into())).ok_or_else(|| "must be NAME=VALUE".into())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        None => serve(cli.serve, cli.data_dir).await,
        Some(Command::Load { table, file }) => load_file(&table, &file, &cli.data_dir).await,
        Some(Command::Bench(options)) => bench::run(options).await,
        Some(Command::Cold(options)) => cold::run(options).await,
    }
}

async fn serve(options: Serve, data_dir: PathBuf) -> Result<()> {
    let settings = Options {
        data_dir,
        fresh: options.fresh,
        port: options.port,
        demo: !options.no_demo,
        release: options.release,
        binaries: options.binaries,
        template: None,
        tick: !options.no_tick,
        parameters: options.parameters,
        durability: Durability::Durable,
    };
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stack = tokio::select! {
        stack = Stack::start(&settings) => stack?,
        _ = interrupt.recv() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
    };
    if let Some(seconds) = options.asleep {
        stack.data_api.pause(std::time::Duration::from_secs(seconds));
    }
    announce(&stack);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    println!("Stopping.");
    Ok(())
}

fn announce(stack: &Stack) {
    let endpoints = &stack.endpoints;
    let token =
        endpoints.tokens.tenants.get("acme").and_then(|roles| roles.get("supervisor")).map_or("", String::as_str);
    println!("Callmetry serves on {}", endpoints.api);
    println!("Reports in a browser: {}/reports", endpoints.api);
    println!("Database: {}", endpoints.database_url);
    println!("Mail: {}", endpoints.mail_dir.display());
    println!("Keys and addresses of everything: {}\n", stack.endpoints_file.display());
    println!("Try:\n  curl -s -H 'Authorization: Bearer {token}' {}/api/v1/reports/campaigns\n", endpoints.api);
    println!("Ctrl-C stops it.");
}

async fn load_file(table: &str, file: &std::path::Path, data_dir: &std::path::Path) -> Result<()> {
    let endpoints = fs::read(data_dir.join("endpoints.json"))
        .with_context(|| format!("nothing serves from {}; start `cargo local` first", data_dir.display()))?;
    let endpoints: serde_json::Value = serde_json::from_slice(&endpoints)?;
    let url = endpoints["database_url"].as_str().context("endpoints.json has no database_url")?;
    let connect = tokio_postgres::connect(url, tokio_postgres::NoTls);
    // After a kill -9 the file is left, and its port may be somebody else's by now.
    let (mut client, connection) = tokio::time::timeout(std::time::Duration::from_secs(5), connect)
        .await
        .map_err(anyhow::Error::from)
        .and_then(|outcome| Ok(outcome?))
        .context("the database of endpoints.json does not answer; is `cargo local` running?")?;
    tokio::spawn(connection);
    let rows = load::load(&mut client, table, file)
        .await
        .with_context(|| format!("{}: nothing was loaded", file.display()))?;
    println!("{rows} rows loaded into {table}");
    Ok(())
}
