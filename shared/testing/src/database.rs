//! A migrated database per test, copied from a template, behind the Data API as the functions see it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_rdsdata::config::Credentials;
use callmetry_database::{Database, Settings, migrations};
use callmetry_local::data_api::DataApi;
use callmetry_local::iam::Iam;
use callmetry_local::postgres::{Durability, Postgres};
use callmetry_local::secrets::Secrets;
use callmetry_local::template::Template;
use callmetry_local::{aws, binaries, serve, stack};
use tokio::sync::{Mutex, OnceCell};

use crate::scratch_dir;

const TEMPLATE: &str = "template_migrated";

struct Server {
    postgres: Postgres,
    secrets: Arc<Secrets>,
    config: aws_config::SdkConfig,
    cluster_arn: String,
    creating: Mutex<()>,
}

/// A database of one's own.
pub struct TestDatabase {
    /// The client that functions use, as the application role.
    pub database: Database,
    /// A client as the master user, as `migrate` has it.
    pub master: Database,
    /// A direct connection of the superuser.
    pub client: tokio_postgres::Client,
    /// The database's name.
    pub name: String,
}

impl TestDatabase {
    /// A new one with the migrated schema and no rows.
    pub async fn new() -> Self {
        Self::create(Some(TEMPLATE)).await
    }

    /// A new one without any table.
    pub async fn empty() -> Self {
        Self::create(None).await
    }

    async fn create(template: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server().await;
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template.map(|template| format!("template {template}")).unwrap_or_default();
        {
            // A template must not be in use by another copy.
            let _creating = server.creating.lock().await;
            let admin = server.postgres.connect("postgres").await.unwrap();
            admin.batch_execute(&format!("create database {name} {template} owner callmetry_master")).await.unwrap();
        }
        Self {
            database: client(server, &name, "callmetry_app"),
            master: client(server, &name, "callmetry_master"),
            client: server.postgres.connect(&name).await.unwrap(),
            name,
        }
    }
}

fn client(server: &Server, database: &str, user: &str) -> Database {
    let secret_arn = server.secrets.arn_of(user).unwrap().to_owned();
    Database::new(
        &server.config,
        Settings { cluster_arn: server.cluster_arn.clone(), secret_arn, database: database.to_owned() },
    )
}

async fn server() -> &'static Server {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    SERVER.get_or_init(start).await
}

async fn start() -> Server {
    let directory = scratch_dir("postgres");
    let template = Template::read(&binaries::workspace().join("template.yaml"), &[]).unwrap();
    let secrets = Arc::new(Secrets::open(&template, Path::new(&directory).join("secrets.json").as_path()).unwrap());
    let postgres =
        Postgres::start(&directory, Durability::Scratch, template.database_parameters().unwrap()).await.unwrap();
    stack::create_database(&postgres, TEMPLATE, &secrets).await.unwrap();
    let (cluster_arn, _) = template.cluster().unwrap();
    let iam = Arc::new(Iam::new(&template).unwrap());
    let data_api = Arc::new(DataApi::new(cluster_arn.clone(), postgres.port, secrets.clone(), iam.clone()));
    let (listener, address) = serve::listen(0).await.unwrap();
    serve::serve(listener, aws::router(aws::Services { data_api, secrets: secrets.clone(), iam }));
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(format!("http://{address}"))
        .load()
        .await;
    let server = Server { postgres, secrets, config, cluster_arn, creating: Mutex::new(()) };
    migrations::apply(&client(&server, TEMPLATE, "callmetry_master"), migrations::ALL).await.unwrap();
    let admin = server.postgres.connect("postgres").await.unwrap();
    for secret in server.secrets.all() {
        admin
            .batch_execute(&format!("alter role {} login password '{}'", secret.username, secret.password))
            .await
            .unwrap();
    }
    // Its connections would keep it from being copied.
    admin
        .batch_execute(&format!("alter database {TEMPLATE} allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{TEMPLATE}'"))
        .await
        .unwrap();
    server
}
