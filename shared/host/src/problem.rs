//! The one file that knows the status codes of errors, written as RFC 9457 `application/problem+json`.

use serde::Serialize;

use crate::reply::Reply;
use crate::{Error, FieldError, Notice};

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
}

/// When a client may try again after a 503, in seconds: about what a paused database needs to wake.
const RETRY_AFTER_SECS: &str = "15";

/// The reply for an error. Nothing of an internal error's text is in it.
pub(crate) fn reply(error: &Error, request_id: &str) -> Reply {
    let (status, title, detail) = describe(error);
    let errors = match error {
        Error::Invalid(errors) | Error::Unprocessable(errors) => errors.as_slice(),
        _ => &[],
    };
    let problem = Problem { r#type: "about:blank", title, status, detail, request_id, errors };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    with_headers(error, Reply::new(status, "application/problem+json", body))
}

/// The same for a person in a browser. Nothing of what the client sent is in it.
pub(crate) fn page(error: &Error) -> Reply {
    let (status, title, detail) = describe(error);
    let (title, text) = match error {
        Error::BadLink => (
            "This link does not work",
            "It is not complete, or it has expired. Follow the link in your latest mail, or ask for a new one.",
        ),
        Error::Gone(_) => ("It is no longer here", detail.as_str()),
        Error::Unavailable(_) => ("Not ready yet", "This takes a moment to start. Try again in half a minute."),
        Error::Internal(_) => ("Something went wrong", "The mistake is on our side. Try again later."),
        _ => (title, detail.as_str()),
    };
    with_headers(error, Notice { title, text, button: None }.reply(status))
}

fn with_headers(error: &Error, reply: Reply) -> Reply {
    match error {
        Error::Unauthorized => reply.header("www-authenticate", "Bearer"),
        Error::Unavailable(_) => reply.header("retry-after", RETRY_AFTER_SECS),
        _ => reply,
    }
}

fn describe(error: &Error) -> (u16, &'static str, String) {
    let fields = |errors: &[FieldError]| errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>().join(", ");
    match error {
        Error::Invalid(errors) => (400, "Bad Request", format!("Invalid input: {}.", fields(errors))),
        Error::Unprocessable(errors) => {
            (422, "Unprocessable Content", format!("The input does not fit what is there: {}.", fields(errors)))
        }
        Error::Conflict(why) => (409, "Conflict", (*why).to_owned()),
        Error::BadLink => (403, "Forbidden", "The link was altered or has expired. Ask for a new one.".to_owned()),
        Error::Gone(what) => (410, "Gone", format!("The {what} is no longer kept.")),
        Error::Unauthorized => {
            (401, "Unauthorized", "The bearer token is malformed, unknown, expired or revoked.".to_owned())
        }
        Error::RoleTooLow(needed) => (403, "Forbidden", format!("This needs the role {needed} or a higher one.")),
        Error::FieldNeedsRole(field, needed) => {
            (403, "Forbidden", format!("The field {field} needs the role {needed} or a higher one."))
        }
        Error::AnotherTenant => (403, "Forbidden", "Only a platform admin may read another tenant.".to_owned()),
        Error::NotFound(what) => (404, "Not Found", format!("There is no such {what}.")),
        Error::Unavailable(_) => (
            503,
            "Service Unavailable",
            "The database is waking up, or a service is not reachable. Try again shortly.".to_owned(),
        ),
        Error::Internal(_) => {
            (500, "Internal Server Error", "Something went wrong on our side. Tell support the request id.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: &Error) -> String {
        reply(error, "req-1").body().to_owned()
    }

    #[test]
    fn invalid_input_names_every_field() {
        let field = |field: &str, message: &str| FieldError { field: field.into(), message: message.into() };
        let error = Error::Invalid(vec![field("from", "must be an instant"), field("form", "is not a parameter")]);
        assert_eq!(
            body(&error),
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"Invalid input: from, form.","request_id":"req-1","errors":[{"field":"from","message":"must be an instant"},{"field":"form","message":"is not a parameter"}]}"#
        );
    }

    #[test]
    fn nothing_internal_is_told() {
        let secret = "arn:aws:rds:eu-west-1:1:cluster:x select * from cdrs";
        for error in [Error::Internal(secret.into()), Error::Unavailable(secret.into())] {
            assert!(!body(&error).contains("arn"), "{error:?}");
        }
    }

    #[test]
    fn every_error_has_its_status() {
        let status = |error: Error| reply(&error, "r").status();
        assert_eq!(status(Error::Invalid(vec![])), 400);
        assert_eq!(status(Error::Unprocessable(vec![])), 422);
        assert_eq!(status(Error::Conflict("")), 409);
        assert_eq!(status(Error::BadLink), 403);
        assert_eq!(status(Error::Gone("file")), 410);
        assert_eq!(status(Error::Unauthorized), 401);
        assert_eq!(status(Error::RoleTooLow(callmetry_access::Role::Admin)), 403);
        assert_eq!(status(Error::AnotherTenant), 403);
        assert_eq!(status(Error::NotFound("tenant")), 404);
        assert_eq!(status(Error::Internal(String::new())), 500);
        assert_eq!(status(Error::Unavailable(String::new())), 503);
    }
}
