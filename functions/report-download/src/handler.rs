//! Checks a signed link and sends its bearer on to the file.

use std::sync::Arc;
use std::time::Duration;

use callmetry_files::Files;
use callmetry_host::{Error, Open, Reply};
use callmetry_links::{Keys, Link};
use callmetry_ondemand::Report;

/// How long the link into the bucket is good for: the client follows it at once.
const MOMENT: Duration = Duration::from_secs(60);

/// What checking and linking need.
pub struct Download {
    /// The keys that links are signed with.
    pub keys: Keys,
    /// The bucket.
    pub files: Files,
}

/// Answers with a redirect. First the signature, then the expiry, then the database.
pub async fn handle(mut call: Open, download: Arc<Download>) -> Result<Reply, Error> {
    // A link that is not whole is not good; nobody is told what it lacks.
    let token = call.query.text("token").unwrap_or_default();
    let expires = call.query.text("expires").unwrap_or_default();
    let link = Link::parse(call.path.text("file"), &token, &expires).map_err(|_| Error::BadLink)?;
    let file = download.keys.check(&link, call.now).await.map_err(|_| Error::BadLink)?;
    let report = Report::find(&call.database, file.tenant, &file.report_id).await?.ok_or(Error::Gone("file"))?;
    let key = report.kept_file(call.now).ok_or(Error::Gone("file"))?;
    if file.extension != report.contents.format.as_str() {
        return Err(Error::BadLink);
    }
    let link = download.files.link(key, &report.contents.file_name(), MOMENT).await;
    Ok(Reply::redirect(&link.map_err(|error| Error::Unavailable(error.to_string()))?))
}
