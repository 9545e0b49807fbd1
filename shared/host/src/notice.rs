//! A page for a person who followed a link: a title, a sentence, perhaps a button. All other answers are for programs.

use crate::Reply;

/// What a page says. All of it is our own text: nothing is escaped.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// In a few words.
    pub title: &'a str,
    /// What there is to know, or to do.
    pub text: &'a str,
    /// What a button is called that posts to the page's own address.
    pub button: Option<&'a str>,
}

/// Nothing is loaded, run or framed; the one form posts to us.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

impl Notice<'_> {
    /// The page with this status.
    pub(crate) fn reply(&self, status: u16) -> Reply {
        let button = self.button.map_or_else(String::new, |label| {
            format!("<form method=\"post\"><button type=\"submit\">{label}</button></form>\n")
        });
        let page = include_str!("notice.html")
            .replace("{title}", self.title)
            .replace("{text}", self.text)
            .replace("{button}", &button);
        Reply::new(status, "text/html; charset=utf-8", page)
            .header("content-security-policy", POLICY)
            .header("referrer-policy", "no-referrer")
    }
}
