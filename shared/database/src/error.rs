//! What can go wrong with the database, without a word of HTTP.

/// An error of the database. Its text is for logs, never for clients.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Waking up, unreachable or overloaded until the time was up. Nothing is known to be wrong with the statement.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A write was sent and its answer was lost: read back by its token.
    #[error("the outcome of the write is unknown: {0}")]
    OutcomeUnknown(String),
    /// The statement ran longer than the service (45 s) or the caller waits.
    #[error("the statement took too long")]
    Timeout,
    /// More than 1 MiB of result, or 64 KB of row.
    #[error("the result is larger than the service returns: {0}")]
    TooLarge(String),
    /// PostgreSQL refused the statement.
    #[error("SQL error {sqlstate}: {message}")]
    Sql {
        /// SQLSTATE, or empty where the service did not tell.
        sqlstate: String,
        /// PostgreSQL's message.
        message: String,
    },
    /// The service refused the call: permissions, configuration, an invalid request.
    #[error("the Data API refused the call: {code}: {message}")]
    Refused {
        /// The exception's name.
        code: String,
        /// Its message.
        message: String,
    },
    /// A row did not have the columns that were expected.
    #[error("a row could not be read: {0}")]
    Decode(String),
    /// The environment does not say where the database is.
    #[error("configuration: {0}")]
    Configuration(String),
}

impl Error {
    /// Whether PostgreSQL raised this SQLSTATE.
    pub fn is_sqlstate(&self, expected: &str) -> bool {
        matches!(self, Self::Sql { sqlstate, .. } if sqlstate == expected)
    }
}
