//! Why there is no document.

use typst::diag::SourceDiagnostic;

/// Why there is no document. Each is a fault of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The view cannot be written as JSON.
    #[error("the view of the report: {0}")]
    View(#[from] serde_json::Error),
    /// The template does not compile with this view.
    #[error("the template of the report: {0}")]
    Template(String),
    /// The document cannot be written as a PDF.
    #[error("the PDF of the report: {0}")]
    Export(String),
}

/// What the diagnostics say, which is about the template and has none of the report's data but in hints.
pub(crate) fn messages(diagnostics: &[SourceDiagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("; ")
}
