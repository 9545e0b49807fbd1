//! What a failed call means, and when it is worth repeating.

use std::time::Duration;

use aws_sdk_rdsdata::config::http::HttpResponse;
use aws_sdk_rdsdata::error::{ProvideErrorMetadata, SdkError};

use crate::Error;

/// A failure, and what it says about the statement.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Certainly not executed; anything may be repeated.
    NotExecuted(Error),
    /// Perhaps executed; only reads may be repeated.
    Uncertain(Error),
    /// Repeating gives the same.
    Final(Error),
}

/// PostgreSQL was stopping, starting or lost: 57P01 admin_shutdown, 57P02 crash_shutdown, 57P03 cannot_connect_now,
/// class 08 connection exceptions, class 53 insufficient resources.
fn is_connection_state(sqlstate: &str) -> bool {
    matches!(sqlstate, "57P01" | "57P02" | "57P03") || sqlstate.starts_with("08") || sqlstate.starts_with("53")
}

/// `ERROR: ...; SQLState: 42883`: the service puts the state at the end of its message.
fn sqlstate(message: &str) -> &str {
    message.rsplit_once("SQLState: ").map_or("", |(_, state)| state.get(..5).unwrap_or_default())
}

pub(crate) fn classify<E>(error: SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let error = context.err();
            from_code(
                context.raw().status().as_u16(),
                error.code().unwrap_or("Unknown"),
                error.message().unwrap_or_default(),
            )
        }
        // A connection that was never made carried no statement.
        SdkError::DispatchFailure(failure)
            if failure.is_io() && failure.as_connector_error().is_some_and(|error| is_refused(error)) =>
        {
            Failure::NotExecuted(Error::Unavailable("no connection to the Data API".into()))
        }
        SdkError::TimeoutError(_) => Failure::Uncertain(Error::Timeout),
        SdkError::ConstructionFailure(_) => {
            Failure::Final(Error::Refused { code: "Request".into(), message: "the request could not be built".into() })
        }
        error => Failure::Uncertain(Error::Unavailable(chain(&error))),
    }
}

fn is_refused(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return io.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        source = error.source();
    }
    false
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn from_code(status: u16, code: &str, message: &str) -> Failure {
    let unavailable = || Error::Unavailable(format!("{code}: {message}"));
    match code {
        "DatabaseResumingException" | "ThrottlingException" | "TooManyRequestsException" => {
            Failure::NotExecuted(unavailable())
        }
        "DatabaseUnavailableException" | "ServiceUnavailableError" | "InternalServerErrorException" => {
            Failure::Uncertain(unavailable())
        }
        "StatementTimeoutException" => Failure::Final(Error::Timeout),
        _ if message.contains("size limit") => Failure::Final(Error::TooLarge(message.to_owned())),
        // A deadlock or a serialization failure: PostgreSQL has rolled the statement back.
        "DatabaseErrorException" if matches!(sqlstate(message), "40P01" | "40001") => {
            Failure::NotExecuted(unavailable())
        }
        "DatabaseErrorException" if is_connection_state(sqlstate(message)) => Failure::Uncertain(unavailable()),
        "DatabaseErrorException" => {
            // The first line only: a detail quotes values of rows, which have no place in a log.
            let first = message.lines().next().unwrap_or_default();
            Failure::Final(Error::Sql { sqlstate: sqlstate(message).to_owned(), message: first.to_owned() })
        }
        _ if status == 429 => Failure::NotExecuted(unavailable()),
        // Also an answer without a body, from something between us and the service.
        _ if status >= 500 => Failure::Uncertain(unavailable()),
        _ => Failure::Final(Error::Refused { code: code.to_owned(), message: message.to_owned() }),
    }
}

/// How long to wait before the next attempt: 100 ms doubling to a second, so that a database that needs
/// 15 seconds to wake is asked some twenty times.
pub(crate) fn pause(attempt: u32) -> Duration {
    Duration::from_millis(100 << attempt.min(4)).min(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waking_is_repeatable_even_for_writes() {
        assert!(matches!(
            from_code(400, "DatabaseResumingException", "resuming"),
            Failure::NotExecuted(Error::Unavailable(_))
        ));
    }

    #[test]
    fn a_lost_server_is_uncertain_and_an_sql_error_is_final() {
        let stopped = "FATAL: terminating connection due to administrator command; SQLState: 57P01";
        assert!(matches!(from_code(400, "DatabaseErrorException", stopped), Failure::Uncertain(_)));
        let wrong =
            from_code(400, "DatabaseErrorException", "ERROR: operator does not exist: uuid = text; SQLState: 42883");
        assert!(matches!(wrong, Failure::Final(error) if error.is_sqlstate("42883")));
    }

    #[test]
    fn both_wordings_of_the_size_limit() {
        for message in
            ["Database response exceeded size limit", "Database returned more than the allowed response size limit"]
        {
            assert!(matches!(from_code(400, "BadRequestException", message), Failure::Final(Error::TooLarge(_))));
        }
    }

    #[test]
    fn codes_that_nobody_named_are_judged_by_their_status() {
        assert!(matches!(from_code(503, "SlowDown", ""), Failure::Uncertain(_)));
        assert!(matches!(from_code(429, "Unknown", ""), Failure::NotExecuted(_)));
        assert!(matches!(from_code(403, "AccessDeniedException", ""), Failure::Final(Error::Refused { .. })));
        let full = "FATAL: sorry, too many clients already; SQLState: 53300";
        assert!(matches!(from_code(400, "DatabaseErrorException", full), Failure::Uncertain(_)));
    }

    #[test]
    fn pauses_grow_to_a_second() {
        assert_eq!(pause(0), Duration::from_millis(100));
        assert_eq!(pause(9), Duration::from_secs(1));
    }
}
