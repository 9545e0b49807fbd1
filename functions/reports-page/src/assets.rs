//! The files of the page, as they are written: nothing is built. Each is served under a name that has its content's fingerprint, so
//! that it can be kept for ever.

use callmetry_host::fingerprint;

/// Where files are, from the page's own address.
const FOLDER: &str = "reports/assets/";

/// A file in `page/`.
pub struct Asset {
    name: &'static str,
    pub text: &'static str,
}

macro_rules! assets {
    ($($name:literal),* $(,)?) => { [$(Asset { name: $name, text: include_str!(concat!("../page/", $name)) }),*] };
}

pub const ICON: Asset = asset("icon.svg", include_str!("../page/icon.svg"));
pub const STYLES: [Asset; 2] = assets!["style.css", "vendor/uPlot.min.css"];

/// The module that starts the page.
pub const MAIN: &str = "main.js";
/// Modules that the page needs at once. Browsers are told of all of them in the page, so that none waits for another.
pub const MODULES: [Asset; 22] = assets![
    "address.js",
    "agents.js",
    "api.js",
    "bars.js",
    "call-volume.js",
    "campaigns.js",
    "choices.js",
    "compliance.js",
    "dispositions.js",
    "dom.js",
    "headlines.js",
    "main.js",
    "notice.js",
    "numbers.js",
    "on-demand.js",
    "order.js",
    "periods.js",
    "report-view.js",
    "session.js",
    "sign-in.js",
    "table.js",
    "zones.js",
];
/// Modules that are loaded by the chart that needs them.
pub const LATER: [Asset; 2] = assets!["trend.js", "vendor/uPlot.esm.js"];
/// What modules call the chart library, as its users do that have it from npm.
pub const LIBRARY: (&str, &str) = ("uplot", "vendor/uPlot.esm.js");

const fn asset(name: &'static str, text: &'static str) -> Asset {
    Asset { name, text }
}

impl Asset {
    /// Whether it is the file of this name in `page/`.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// `style.css` is served as `style.kSL2jAzs5u0K1b7c.css`.
    pub fn served_name(&self) -> String {
        let name = self.file_name();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        format!("{stem}.{}.{extension}", fingerprint(self.text))
    }

    /// Its address from the page.
    pub fn url(&self) -> String {
        format!("{FOLDER}{}", self.served_name())
    }

    /// What other modules call it, `./dom.js`, as an address from the page: the name without a fingerprint.
    pub fn module_url(&self) -> String {
        format!("./{FOLDER}{}", self.file_name())
    }

    pub fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        }
    }

    fn file_name(&self) -> &'static str {
        self.name.rsplit_once('/').map_or(self.name, |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
        let mut found: Vec<String> = ["", "vendor/"]
            .into_iter()
            .flat_map(|part| {
                let entries = std::fs::read_dir(format!("{folder}/{part}")).expect("the folder");
                entries.map(move |entry| format!("{part}{}", entry.expect("a file").file_name().to_string_lossy()))
            })
            .filter(|name| !["vendor", "index.html", "vendor/uPlot.LICENSE"].contains(&name.as_str()))
            .collect();
        let mut served: Vec<String> =
            MODULES.iter().chain(&LATER).chain(&STYLES).chain([&ICON]).map(|asset| asset.name.to_owned()).collect();
        found.sort();
        served.sort();
        assert_eq!(served, found);
    }
}
