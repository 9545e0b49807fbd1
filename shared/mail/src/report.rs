//! The mail of a report that is made on a schedule: its headlines, and its file.

use askama::Template;
use callmetry_render::{figures, plain};
use chrono::{DateTime, Utc};

use crate::summary::View;
use crate::{Attachment, Letter, Summary};

/// A report's file.
#[derive(Clone, Debug)]
pub struct Download {
    /// Where it is had without signing in.
    pub url: String,
    /// Until when it is had there.
    pub expires: DateTime<Utc>,
    /// What it is: `PDF`, `CSV` or `JSON`.
    pub format: &'static str,
    /// Its size.
    pub bytes: u64,
    /// The file itself; none where it is too large ([`Attachment::fits`]), and of JSON.
    pub attachment: Option<Attachment>,
}

/// The same as templates show it, each a line by itself.
struct File {
    url: String,
    expires: String,
    format: &'static str,
    size: String,
    /// Its name, if it is attached.
    attached: Option<String>,
    /// Whether its format is one that is attached at all.
    is_attachable: bool,
}

#[derive(Template)]
#[template(path = "report.txt", escape = "none")]
struct Text<'a> {
    view: &'a View,
    file: &'a File,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    view: &'a View,
    file: &'a File,
}

impl Letter {
    /// Renders the mail of a report that is made on a schedule.
    pub fn report(summary: Summary, download: Download) -> Self {
        let (view, file) = (View::from(summary), File::from(&download));
        let (text, page) = (Text { view: &view, file: &file }, Page { view: &view, file: &file });
        Self::new(view.subject.clone(), &text, &page, download.attachment)
    }
}

impl From<&Download> for File {
    fn from(download: &Download) -> Self {
        Self {
            url: plain::one_line(&download.url, usize::MAX),
            expires: figures::instant(download.expires),
            format: download.format,
            size: figures::size(download.bytes),
            attached: download.attachment.as_ref().map(Attachment::name),
            is_attachable: download.format != "JSON",
        }
    }
}

#[cfg(test)]
mod tests;
