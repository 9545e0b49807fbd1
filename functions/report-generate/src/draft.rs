//! A file on its way into the bucket, which whoever follows can clean up.

use callmetry_database::Database;
use callmetry_files::Upload;
use callmetry_ondemand::Attempt;

use crate::failure::Failure;

/// So that the upload is recorded as soon as it has a part.
const PIECE: usize = 1 << 20;

/// See [`callmetry_files::Files::begin`]. As soon as S3 has a part of it the report's row says so.
pub struct Draft<'a> {
    upload: Upload,
    attempt: &'a Attempt,
    database: &'a Database,
    is_recorded: bool,
}

impl<'a> Draft<'a> {
    /// Begins.
    pub fn new(upload: Upload, attempt: &'a Attempt, database: &'a Database) -> Self {
        Self { upload, attempt, database, is_recorded: false }
    }

    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        for piece in bytes.chunks(PIECE) {
            self.write_piece(piece).await?;
        }
        Ok(())
    }

    async fn write_piece(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.upload.write(piece).await?;
        let Some(id) = self.upload.id().filter(|_| !self.is_recorded) else { return Ok(()) };
        if !self.attempt.record_upload(self.database, id).await? {
            return Err(Failure::Overtaken);
        }
        self.is_recorded = true;
        Ok(())
    }

    /// Puts the file into the bucket, whole, and says how many bytes it has.
    pub async fn finish(&mut self) -> Result<u64, Failure> {
        Ok(self.upload.finish().await?)
    }

    /// Gives the file up.
    pub async fn abort(self) {
        // What came first is what is told; the bucket's lifecycle removes what this leaves.
        self.upload.abort().await.ok();
    }
}
