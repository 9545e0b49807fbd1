//! Raw calls, as CSV.

use callmetry_database::Database;
use callmetry_exports::{Export, header};
use callmetry_files::{Files, Upload};
use callmetry_metrics::Window;
use callmetry_ondemand::Work;
use callmetry_render::csv;
use futures::{StreamExt, TryStreamExt};

use crate::handler::Failure;

/// Writes the file of this key and says how long it is. It is in the bucket whole, or not at all.
pub async fn write(database: &Database, files: &Files, work: &Work, window: Window, key: &str) -> Result<u64, Failure> {
    let export = Export::new(database.clone(), work.subject(), window, work.contents.filters);
    let mut upload = files.begin(key.to_owned(), csv::CONTENT_TYPE);
    match fill(&mut upload, &export, work.byte_order_mark).await {
        Ok(bytes) => Ok(bytes),
        Err(failure) => {
            // What came first is what is told; the bucket's lifecycle removes what this leaves.
            upload.abort().await.ok();
            Err(failure)
        }
    }
}

async fn fill(upload: &mut Upload, export: &Export, byte_order_mark: bool) -> Result<u64, Failure> {
    upload.write(&header(byte_order_mark)).await?;
    let mut pieces = export.pieces(export.begin().await?).boxed();
    while let Some(piece) = pieces.try_next().await? {
        upload.write(&piece).await?;
    }
    Ok(upload.finish().await?)
}
