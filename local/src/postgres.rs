//! An embedded PostgreSQL: finds a server on this machine (or brings one), and keeps it exactly as long as this process.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio_postgres::NoTls;

/// The superuser, for set-up and for people who look inside; functions connect as the users of their secrets.
const SUPERUSER: &str = "postgres";

/// How careful the server is with its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Survives a crash of the machine.
    Durable,
    /// Thrown away afterwards anyway: tests and benchmarks.
    Scratch,
}

/// A running server. Dropping it stops the server, and so does the death of this process, however it dies.
pub struct Postgres {
    supervisor: Option<Child>,
    binaries: PathBuf,
    user: Option<Unprivileged>,
    directory: PathBuf,
    durability: Durability,
    parameters: Vec<(String, String)>,
    /// The TCP port on 127.0.0.1.
    pub port: u16,
    /// The superuser's password.
    pub password: String,
}

#[derive(Clone, Debug)]
struct Unprivileged {
    uid: u32,
    gid: u32,
}

/// The parent of the server. Its standard input is a pipe that only this process holds: when that closes, by whatever
/// death, the server is told to shut down at once (SIGINT: fast shutdown). Should the server end by itself, so does this.
const SUPERVISE: &str = r#"
exec 3<&0
"$0" "$@" </dev/null 3<&- &
server=$!
( read -r _ <&3; kill -INT $server ) &
watcher=$!
exec 3<&-
wait $server
status=$?
kill $watcher 2>/dev/null
exit $status
"#;

impl Postgres {
    /// Starts the server of a directory, which is made if it does not exist, on any free port, with these parameters.
    pub async fn start(directory: &Path, durability: Durability, parameters: Vec<(String, String)>) -> Result<Self> {
        fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
        let user = unprivileged_user()?;
        let directory = reachable(directory, user.as_ref())?;
        let binaries = find_binaries(&directory).await?;
        let password = ensure_cluster(&directory, &binaries, user.as_ref())?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut server = Self { supervisor: None, binaries, user, directory, durability, parameters, port, password };
        server.resume().await?;
        Ok(server)
    }

    /// Removes the data of a server that does not run.
    pub fn throw_away(directory: &Path) -> Result<()> {
        if !directory.exists() {
            return Ok(());
        }
        let data = reachable(directory, unprivileged_user()?.as_ref())?.join("data");
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("cannot remove {}", data.display()))?;
        }
        Ok(())
    }

    /// Starts the server again after [`stop`](Self::stop), on the same port.
    pub async fn resume(&mut self) -> Result<()> {
        // After a kill -9 the old server may need a moment to shut down; it holds the directory until then.
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            self.launch()?;
            match self.ready(patience).await {
                Ok(()) => return Ok(()),
                Err(_) if Instant::now() < patience && self.is_locked() => {
                    tokio::time::sleep(Duration::from_millis(200)).await
                }
                Err(error) => return Err(error.context(format!("see {}", self.log_file().display()))),
            }
        }
    }

    /// A program of the server's version, such as `psql`.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    fn log_file(&self) -> PathBuf {
        self.directory.join("postgres.log")
    }

    fn is_locked(&self) -> bool {
        fs::read_to_string(self.log_file())
            .is_ok_and(|log| log.trim_end().lines().rev().take(3).any(|line| line.contains("postmaster.pid")))
    }

    fn launch(&mut self) -> Result<()> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log_file())?;
        // An error may quote a value.
        log.set_permissions(fs::Permissions::from_mode(0o600))?;
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISE]).arg(self.binaries.join("postgres"));
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        let mut settings = vec![
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=256MB",
            "log_min_messages=warning",
            "timezone=UTC",
            "log_timezone=UTC",
        ];
        match self.durability {
            Durability::Durable => settings.push("synchronous_commit=off"),
            Durability::Scratch => settings.extend(["fsync=off", "full_page_writes=off", "max_wal_size=4GB"]),
        }
        for setting in settings {
            command.args(["-c", setting]);
        }
        for (name, value) in &self.parameters {
            command.args(["-c", &format!("{name}={value}")]);
        }
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log).current_dir("/");
        // Not in our process group, so that Ctrl-C reaches us alone and we stop things in order.
        command.process_group(0);
        drop_privileges(&mut command, self.user.as_ref());
        self.supervisor = Some(command.spawn().context("cannot start PostgreSQL")?);
        Ok(())
    }

    async fn ready(&mut self, patience: Instant) -> Result<()> {
        loop {
            if let Ok((_, connection)) = self.config("postgres").connect(NoTls).await {
                drop(connection);
                return Ok(());
            }
            if let Some(status) = self.supervisor.as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("PostgreSQL ended with {status}");
            }
            ensure!(Instant::now() < patience, "PostgreSQL did not accept connections");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// How to connect as the superuser.
    pub fn config(&self, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.port).user(SUPERUSER).password(&self.password).dbname(database);
        config
    }

    /// The same as a URL.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// A connection of the superuser.
    pub async fn connect(&self, database: &str) -> Result<tokio_postgres::Client> {
        let (client, connection) = self.config(database).connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Stops the server at once and waits for its end.
    pub fn stop(&mut self) {
        if let Some(mut supervisor) = self.supervisor.take() {
            drop(supervisor.stdin.take());
            supervisor.wait().ok();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// PostgreSQL refuses root: as root, run it as `postgres`, else as `nobody`.
fn unprivileged_user() -> Result<Option<Unprivileged>> {
    if fs::metadata("/proc/self").map_or_else(|_| own_uid(), |metadata| metadata.uid()) != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let find = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Unprivileged { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .map(Some)
        .context("running as root, and there is neither a user postgres nor nobody")
}

/// Where there is no /proc: the owner of a file that this process makes.
fn own_uid() -> u32 {
    tempfile::tempfile().and_then(|file| file.metadata()).map_or(u32::MAX, |metadata| metadata.uid())
}

fn drop_privileges(command: &mut Command, user: Option<&Unprivileged>) {
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
}

/// The directory, or one under /var/tmp in its place if the unprivileged user cannot get there (it is under /root, say).
fn reachable(directory: &Path, user: Option<&Unprivileged>) -> Result<PathBuf> {
    let directory = directory.canonicalize()?;
    let Some(user) = user else { return Ok(directory) };
    let mut probe = Command::new("test");
    probe.arg("-x").arg(&directory).current_dir("/");
    drop_privileges(&mut probe, Some(user));
    if probe.status()?.success() {
        return Ok(directory);
    }
    let name: String =
        directory.to_string_lossy().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let elsewhere = Path::new("/var/tmp").join(format!("callmetry{name}"));
    fs::create_dir_all(&elsewhere)?;
    eprintln!(
        "The user that PostgreSQL runs as cannot enter {}; its data is in {}.",
        directory.display(),
        elsewhere.display()
    );
    Ok(elsewhere)
}

/// Makes the cluster if there is none, and returns the superuser's password.
fn ensure_cluster(directory: &Path, binaries: &Path, user: Option<&Unprivileged>) -> Result<String> {
    let password_file = directory.join("superuser-password");
    let data = directory.join("data");
    if data.join("PG_VERSION").exists() {
        return Ok(fs::read_to_string(&password_file).context("the superuser's password is gone")?.trim().to_owned());
    }
    // Made under another name, so that one that was interrupted is not taken for good.
    let unfinished = directory.join("data.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let password = crate::secrets::random_password()?;
    fs::write(&password_file, &password)?;
    fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))?;
    let log = directory.join("postgres.log");
    fs::File::create(&log)?;
    fs::create_dir_all(&unfinished)?;
    if let Some(user) = user {
        for path in [&password_file, &log, &unfinished] {
            chown(path, Some(user.uid), Some(user.gid))?;
        }
    }
    let mut command = Command::new(binaries.join("initdb"));
    command.arg("-D").arg(&unfinished).arg("--pwfile").arg(&password_file).current_dir("/");
    command.args(["-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    drop_privileges(&mut command, user);
    let output = command.output().context("cannot run initdb")?;
    ensure!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr).trim());
    fs::rename(&unfinished, &data)?;
    Ok(password)
}

/// Server binaries: on PATH, where Debian and Homebrew put them, else brought by `postgresql_embedded`.
async fn find_binaries(directory: &Path) -> Result<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "the search path of this machine")]
    let path = std::env::var("PATH").unwrap_or_default();
    let mut candidates: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for pattern in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let mut found: Vec<(u32, PathBuf)> = fs::read_dir(pattern)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let version = name.strip_prefix("postgresql@").unwrap_or(&name).parse().ok()?;
                Some((version, entry.path().join("bin")))
            })
            .collect();
        found.sort();
        candidates.extend(found.into_iter().rev().map(|(_, path)| path));
    }
    let complete = |path: &PathBuf| path.join("postgres").is_file() && path.join("initdb").is_file();
    if let Some(path) = candidates.into_iter().find(complete) {
        // A link on PATH leads to a folder without the server's other files.
        return Ok(path.join("postgres").canonicalize()?.parent().map_or(path, Path::to_owned));
    }
    eprintln!("No PostgreSQL server on this machine: downloading one.");
    let settings = postgresql_embedded::SettingsBuilder::new()
        .installation_dir(directory.join("server"))
        .data_dir(directory.join("unused"))
        .build();
    let mut embedded = postgresql_embedded::PostgreSQL::new(settings);
    // It also makes a cluster of its own, which fails as root and is not needed: only the binaries count.
    let outcome = embedded.setup().await;
    let path = embedded.settings().binary_dir();
    ensure!(
        complete(&path),
        "cannot bring a PostgreSQL server ({outcome:?}); install one, such as Debian's postgresql"
    );
    Ok(path)
}
