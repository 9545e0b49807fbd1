//! `GET /reports` and the files that it loads. It has nobody's data: the page asks the API, with its visitor's own token.

use std::process::ExitCode;

use callmetry_access::issuers;
use callmetry_host as host;

mod assets;
mod page;
mod policy;

fn main() -> ExitCode {
    host::serve_site(|environment| {
        let issuers = issuers::parse(&environment.required("TRUSTED_ISSUERS")?)?;
        page::site(&issuers).map_err(host::StartError::because)
    })
}
