//! Serves a page and its files. They are the same for everybody and hold nobody's data, so there is no door before them and no
//! database behind them.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value;

use crate::event::Request;
use crate::serve::{Outcome, conclude};
use crate::{Done, Environment, Error, Handler, Reply, StartError, StaticFile, accept, run};

/// The name of the path's parameter that names a file: `/reports/assets/{file}`.
const FILE: &str = "file";

/// A page, and what it loads.
pub struct Site {
    /// What a route without a `{file}` answers with.
    pub page: StaticFile,
    /// By name. A name stands for one content for ever, so these are kept for a year.
    pub files: BTreeMap<String, StaticFile>,
}

/// Runs a function that serves a site and needs nothing but its variables.
pub fn serve_site(make: fn(Environment) -> Result<Site, StartError>) -> ExitCode {
    run(move |environment| {
        Box::pin(async move {
            let site = Arc::new(make(environment)?);
            let handler: Handler = Box::new(move |event, invocation| {
                let site = site.clone();
                Box::pin(async move { answer(&site, event, &invocation.request_id) })
            });
            Ok(handler)
        })
    })
}

fn answer(site: &Site, event: Value, invocation_id: &str) -> Done {
    let request: Request = serde_json::from_value(event).unwrap_or_default();
    let is_for_people = accept::html(request.header("accept"));
    let outcome = Outcome { result: find(site, &request), is_for_people, request_id: request.id_or(invocation_id) };
    conclude(outcome, None)
}

fn find(site: &Site, request: &Request) -> Result<Reply, Error> {
    let file = match request.path_parameters.get(FILE) {
        None => &site.page,
        Some(name) => site.files.get(name).ok_or(Error::NotFound("file"))?,
    };
    // Compared weakly (RFC 9110, 13.1.2): a proxy that compresses makes a weak tag of ours.
    let is_tag = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == file.tag();
    let is_known = request.header("if-none-match").split(',').map(str::trim).any(is_tag);
    Ok(if is_known { file.not_modified() } else { file.reply(accept::gzip(request.header("accept-encoding"))) })
}
