//! Puts the parts together, in order, and writes down where they are.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use hyper_util::service::TowerToHyperService;
use serde::Serialize;
use tokio::task::JoinHandle;

use crate::aws::Services;
use crate::data_api::DataApi;
use crate::events::EventBridge;
use crate::gateway::{Gateway, refuse_endless_head};
use crate::iam::Iam;
use crate::identity::Identity;
use crate::lambda::{Invoked, Lambda};
use crate::postgres::{Durability, Postgres};
use crate::s3::S3;
use crate::scheduler::Scheduler;
use crate::secrets::Secrets;
use crate::ses::Ses;
use crate::template::Template;
use crate::tokens::Tokens;
use crate::{aws, binaries, demo, identity, lambda, scheduler, serve, tokens};

const SECRETS: &str = "secrets.json";
const SCHEDULES: &str = "scheduler.json";
const BUCKETS: &str = "buckets";
const MAIL: &str = "mail";
/// The template's parameters that say where the API is, of which only we know, and whose tokens are believed.
const PUBLIC_URL: &str = "PublicUrl";
const TRUSTED_ISSUERS: &str = "TrustedIssuers";

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Whether the data of earlier runs is thrown away.
    pub fresh: bool,
    /// Of the API; 0 is any free one.
    pub port: u16,
    /// Whether an empty database gets the demo's calls.
    pub demo: bool,
    /// Release binaries.
    pub release: bool,
    /// Binaries that are there already, `<function>/bootstrap` in this folder: nothing is built.
    pub binaries: Option<PathBuf>,
    /// Another template than that of the workspace.
    pub template: Option<PathBuf>,
    /// Whether schedules fire.
    pub tick: bool,
    /// Values of the template's parameters.
    pub parameters: Vec<(String, String)>,
    /// How careful the database is with its files.
    pub durability: Durability,
}

impl Options {
    /// Of a stack to measure in this folder: release binaries, or these, on a scratch database without the demo.
    pub fn to_measure(folder: &tempfile::TempDir, binaries: Option<PathBuf>) -> Result<Self> {
        // The unprivileged user that PostgreSQL runs as has to get there.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        Ok(Self {
            data_dir: folder.path().to_owned(),
            fresh: false,
            port: 0,
            demo: false,
            release: true,
            binaries,
            template: None,
            tick: false,
            parameters: Vec::new(),
            durability: Durability::Scratch,
        })
    }
}

/// `endpoints.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoints {
    /// The API.
    pub api: String,
    /// The stand-ins of AWS services, for `AWS_ENDPOINT_URL_RDS_DATA` and the like.
    pub aws: String,
    /// The stand-in of S3, for `AWS_ENDPOINT_URL_S3`.
    pub s3: String,
    /// The database, as its superuser.
    pub database_url: String,
    /// Messages that were sent.
    pub mail_dir: PathBuf,
    /// Files of the bucket that report files go to.
    pub bucket_dir: PathBuf,
    /// API keys.
    pub tokens: Tokens,
    /// Ids of the demo tenants, by slug.
    pub tenants: BTreeMap<&'static str, uuid::Uuid>,
}

/// A running stack. Dropping it ends everything that it started.
pub struct Stack {
    /// Where everything is.
    pub endpoints: Endpoints,
    /// The file that says so.
    pub endpoints_file: PathBuf,
    /// The functions.
    pub lambda: Arc<Lambda>,
    /// The Data API, for tests that let it sleep or fail.
    pub data_api: Arc<DataApi>,
    /// SES, for tests that let it fail.
    pub ses: Arc<Ses>,
    /// EventBridge Scheduler, for tests that let minutes pass.
    pub scheduler: Arc<Scheduler>,
    /// The secrets, for clients of the Data API.
    pub secrets: Arc<Secrets>,
    /// What the functions may do, and did.
    pub iam: Arc<Iam>,
    /// The template.
    pub template: Template,
    /// The database's name.
    pub database: String,
    servers: Vec<JoinHandle<()>>,
    /// The database server.
    pub postgres: Postgres,
    _lock: fs::File,
}

impl Stack {
    /// Builds the functions, starts the database, migrates it with the `migrate` function, and serves.
    pub async fn start(options: &Options) -> Result<Self> {
        let directory = &options.data_dir;
        fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
        let directory = directory.canonicalize()?;
        let lock = lock(&directory)?;
        // The secrets are the first thing that a stack writes: where there are none, nothing in the folder is ours.
        if options.fresh && directory.join(SECRETS).exists() {
            throw_away(&directory)?;
        }
        let file = directory.join("endpoints.json");
        // It is there only while the stack serves.
        fs::remove_file(&file).ok();
        let (listener, address) = serve::listen(options.port).await?;

        let api = format!("http://{address}");
        let mut parameters = options.parameters.clone();
        let is_given = |name: &str| options.parameters.iter().any(|(given, _)| given == name);
        if !is_given(PUBLIC_URL) {
            parameters.push((PUBLIC_URL.into(), api.clone()));
        }
        let mut servers = Vec::new();
        if !is_given(TRUSTED_ISSUERS) {
            let (listener, issuer) = serve::listen(0).await?;
            let identity = Identity::new(issuer, address.port())?;
            parameters.push((TRUSTED_ISSUERS.into(), identity.trusted_issuers()));
            servers.push(serve::serve(listener, identity::router(Arc::new(identity))));
        }
        let file_of_template = options.template.clone().unwrap_or_else(|| binaries::workspace().join("template.yaml"));
        let template = Template::read(&file_of_template, &parameters)?;
        let functions = template.functions()?;
        let names: Vec<String> = functions.iter().map(|function| function.name.clone()).collect();
        let built = match &options.binaries {
            Some(folder) => binaries::found(&names, folder)?,
            None => binaries::build(&names, options.release)?,
        };

        let secrets = Arc::new(Secrets::open(&template, &directory.join(SECRETS))?);
        let postgres =
            Postgres::start(&directory.join("postgres"), options.durability, template.database_parameters()?).await?;
        let (cluster_arn, database) = template.cluster()?;
        create_database(&postgres, &database, &secrets).await?;

        let iam = Arc::new(Iam::new(&template)?);
        let data_api = Arc::new(DataApi::new(cluster_arn, postgres.port, secrets.clone(), iam.clone()));
        let (aws_listener, aws_address) = serve::listen(0).await?;
        let scheduler = Arc::new(Scheduler::open(&template, &directory.join(SCHEDULES), iam.clone())?);
        let services = Services { data_api: data_api.clone(), secrets: secrets.clone(), iam: iam.clone() };
        let services = aws::router(services).merge(aws::as_service(scheduler::router(scheduler.clone())));
        servers.push(serve::serve(aws_listener, services));

        let logs = directory.join("logs");
        fs::create_dir_all(&logs)?;
        let aws = format!("http://{aws_address}");
        let s3 = S3::open(&template, &directory.join(BUCKETS), iam.clone())?;
        let (s3_listener, s3_address) = serve::listen(0).await?;
        servers.push(serve::serve_guarded(s3_listener, s3.service()?, serve::anybody));
        let s3_url = format!("http://{s3_address}");
        let mail_dir = made(directory.join(MAIL))?;
        let bus = Arc::new(EventBridge::new(&template)?);
        let ses = Ses::start(&template, &mail_dir, iam.clone(), bus.clone())?;
        let endpoint_variables = [
            ("RDS_DATA", aws.clone()),
            ("SECRETS_MANAGER", aws.clone()),
            ("SCHEDULER", aws.clone()),
            ("SESV2", format!("http://{}", ses.address)),
            ("S3", s3_url.clone()),
            ("LAMBDA", api.clone()),
        ]
        .map(|(service, url)| (format!("AWS_ENDPOINT_URL_{service}"), url));
        let lambda = Arc::new(Lambda::new(functions.clone(), &built, &BTreeMap::from(endpoint_variables), &directory)?);
        bus.connect(lambda.clone());
        migrate(&lambda).await?;
        let client = postgres.connect(&database).await?;
        prepare_tenants(client, &postgres, &database, options.demo).await?;
        let tokens = tokens::ensure(&postgres.connect(&database).await?, &directory.join("tokens.json")).await?;

        let access_log = fs::OpenOptions::new().create(true).append(true).open(logs.join("gateway.log"))?;
        let gateway = Arc::new(Gateway::new(&functions, template.authorizer()?, lambda.clone(), access_log));
        let router = lambda::router(lambda.clone(), iam.clone()).fallback(move |request: Request<Body>| {
            let gateway = gateway.clone();
            async move { gateway.answer(request).await }
        });
        servers.push(serve::serve_guarded(listener, TowerToHyperService::new(router), refuse_endless_head));

        let endpoints = Endpoints {
            api,
            aws,
            s3: s3_url,
            database_url: postgres.url(&database),
            mail_dir,
            bucket_dir: s3.folder(),
            tokens,
            tenants: demo::TENANTS.iter().map(|tenant| (tenant.slug, tenant.id)).collect(),
        };
        if options.tick {
            servers.push(scheduler.tick(lambda.clone()));
        }
        write_endpoints(&file, &endpoints)?;
        Ok(Self {
            endpoints,
            endpoints_file: file,
            lambda,
            data_api,
            ses,
            scheduler,
            secrets,
            iam,
            template,
            database,
            servers,
            postgres,
            _lock: lock,
        })
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        fs::remove_file(&self.endpoints_file).ok();
        for server in &self.servers {
            server.abort();
        }
        self.ses.stop();
        self.lambda.forget();
    }
}

fn made(path: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&path)?;
    Ok(path)
}

/// Only what the stack makes: the folder may have been somebody's before.
fn throw_away(directory: &Path) -> Result<()> {
    let existing = |name: &str| Some(directory.join(name)).filter(|path| path.exists());
    Postgres::throw_away(&directory.join("postgres"))?;
    for path in ["logs", lambda::QUEUES, MAIL, BUCKETS].into_iter().filter_map(existing) {
        fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    for path in ["endpoints.json", "tokens.json", SCHEDULES, SECRETS].into_iter().filter_map(existing) {
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// One stack a directory. The lock goes with the process.
fn lock(directory: &Path) -> Result<fs::File> {
    let file = fs::File::create(directory.join("lock"))?;
    if file.try_lock().is_err() {
        bail!("another `cargo local` is using {}; stop it, or name another --data-dir", directory.display());
    }
    Ok(file)
}

/// The file appears whole: whoever waits for it can read it at once. It has keys in it.
fn write_endpoints(file: &Path, endpoints: &Endpoints) -> Result<()> {
    write_private(file, &serde_json::to_vec_pretty(endpoints)?)
}

/// Writes a file that only its owner reads, whole or not at all.
pub fn write_private(file: &Path, content: &[u8]) -> Result<()> {
    let unfinished = file.with_extension("new");
    fs::write(&unfinished, content)?;
    fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o600))?;
    fs::rename(&unfinished, file).with_context(|| format!("cannot write {}", file.display()))
}

/// The cluster as Aurora has it: a master user who may make roles and databases and is no superuser, and one database.
pub async fn create_database(postgres: &Postgres, database: &str, secrets: &Secrets) -> Result<()> {
    let client = postgres.connect("postgres").await?;
    let master = secrets
        .all()
        .find(|secret| secret.username.ends_with("_master"))
        .context("the template has no master secret")?;
    let roles = client.query("select from pg_roles where rolname = $1", &[&master.username]).await?;
    let verb = if roles.is_empty() { "create" } else { "alter" };
    // Both are letters, digits and underscores: see the template.
    client
        .batch_execute(&format!(
            "{verb} role {} login createrole createdb password '{}'",
            master.username, master.password
        ))
        .await?;
    if client.query("select from pg_database where datname = $1", &[&database]).await?.is_empty() {
        client.batch_execute(&format!("create database {database} owner {}", master.username)).await?;
    }
    Ok(())
}

async fn migrate(lambda: &Arc<Lambda>) -> Result<()> {
    match lambda.invoke("migrate", Bytes::from_static(b"{}")).await? {
        Invoked::Answer(_) => Ok(()),
        Invoked::Failed(error) => {
            #[derive(serde::Deserialize)]
            #[serde(rename_all = "camelCase")]
            struct Failure {
                error_message: String,
            }
            match serde_json::from_slice::<Failure>(&error) {
                Ok(failure) => bail!("migrate: {}", failure.error_message),
                Err(_) => bail!("migrate: {}", String::from_utf8_lossy(&error)),
            }
        }
    }
}

/// The demo's tenants, which exist in any case, and its calls, if the database was empty.
async fn prepare_tenants(
    mut client: tokio_postgres::Client,
    postgres: &Postgres,
    database: &str,
    fill: bool,
) -> Result<()> {
    // Not by its tenants: a first start that was interrupted has made those already.
    let is_empty = client.query("select from campaigns limit 1", &[]).await?.is_empty();
    demo::create_tenants(&client).await?;
    if fill && is_empty {
        #[allow(clippy::disallowed_methods, reason = "the demo ends now")]
        let now = chrono::Utc::now();
        demo::fill(&mut client, now).await.context("the demo data")?;
        // So that the reports are index-only scans from the start.
        postgres.connect(database).await?.batch_execute("vacuum analyze").await?;
    }
    ensure!(!client.is_closed(), "the database went away");
    Ok(())
}
