//! bench
/// Options
#[derive(clap::Args)]
pub struct Options {}
/// Run
pub async fn run(_options: Options) -> anyhow::Result<()> {
    Ok(())
}
