//! Why there is no file.

use callmetry_database::Error;

/// Why there is no file. The text is for logs.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The time was up. Another attempt would not be faster.
    #[error("the time was up")]
    TooLong,
    /// The lease was lost: somebody else works on it.
    #[error("overtaken")]
    Overtaken,
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
    /// S3.
    #[error(transparent)]
    Files(#[from] callmetry_files::Error),
    /// The gate of the tick, without which the mail would not be sent.
    #[error(transparent)]
    Gate(#[from] callmetry_gate::Error),
    /// The document.
    #[error(transparent)]
    Pdf(#[from] callmetry_pdf::Error),
    /// The text of the file.
    #[error("writing: {0}")]
    Text(String),
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Text(error.to_string())
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Self::Text(error.to_string())
    }
}

impl Failure {
    /// What is said to whom ordered it, where another attempt would not help.
    pub fn final_word(&self) -> Option<&'static str> {
        matches!(self, Self::TooLong).then_some("It took too long. Choose a shorter window or a narrower filter.")
    }
}
