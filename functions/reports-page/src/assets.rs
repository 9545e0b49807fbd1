//! The files of the page, as `npm run build` leaves them in `dist/`. Each is served under a name that has its content's fingerprint, so
//! that it can be kept for ever.

use callmetry_host::{Keep, StaticFile, fingerprint};

/// Where files are, from the page's own address.
const FOLDER: &str = "reports/assets/";

/// A file of the page.
pub struct Asset {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    text: &'static str,
}

pub const ICON: Asset =
    Asset { stem: "icon", extension: "svg", content_type: "image/svg+xml", text: include_str!("../page/icon.svg") };
pub const STYLE: Asset = Asset {
    stem: "page",
    extension: "css",
    content_type: "text/css; charset=utf-8",
    text: include_str!("../dist/page.css"),
};
pub const SCRIPT: Asset = Asset {
    stem: "page",
    extension: "js",
    content_type: "text/javascript; charset=utf-8",
    text: include_str!("../dist/page.js"),
};

impl Asset {
    /// `page.kSL2jAzs5u0K1b7c.css`
    fn served_name(&self) -> String {
        format!("{}.{}.{}", self.stem, fingerprint(self.text), self.extension)
    }

    /// Its address from the page.
    pub fn url(&self) -> String {
        format!("{FOLDER}{}", self.served_name())
    }

    /// Its name, and the file.
    pub fn serve(&self) -> (String, StaticFile) {
        (self.served_name(), StaticFile::new(self.content_type, Keep::ForAYear, self.text))
    }
}
