//! The local stack for tests over HTTP.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use callmetry_local::postgres::Durability;
use callmetry_local::stack::{Options, Stack};
use tokio::sync::OnceCell;

/// A new folder for this process; those of processes that have ended are removed.
pub fn scratch_dir(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let prefix = "callmetry-test-";
    // Where there is no /proc nobody can tell which have ended.
    let folders = std::path::Path::new("/proc/self").exists().then(|| std::fs::read_dir(std::env::temp_dir()));
    for entry in folders.into_iter().flatten().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let pid =
            file.strip_prefix(prefix).and_then(|rest| rest.split('-').next()).and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists()) {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("{prefix}{}-{number}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The stack that all tests share which do it no harm.
pub async fn shared_stack() -> &'static Stack {
    static STACK: OnceCell<Stack> = OnceCell::const_new();
    STACK.get_or_init(|| private_stack(&[])).await
}

/// A stack of one's own, with values of the template's parameters. It does not tick by itself.
pub async fn private_stack(parameters: &[(&str, &str)]) -> Stack {
    try_stack(None, parameters).await.unwrap()
}

/// The same of another template, which may be wrong.
pub async fn try_stack(template: Option<PathBuf>, parameters: &[(&str, &str)]) -> anyhow::Result<Stack> {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Stack::start(&Options {
        data_dir: scratch_dir("stack"),
        fresh: false,
        port: 0,
        demo: false,
        release: false,
        binaries: None,
        template,
        tick: false,
        parameters,
        durability: Durability::Scratch,
    })
    .await
}
