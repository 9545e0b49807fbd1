//! Addresses of the page `/reports`, as it reads them itself (`functions/reports-page/page/address.js`). They are not signed: the page
//! shows nothing to whoever has not signed in.

use chrono::{DateTime, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what RFC 3986 calls unreserved.
const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the page shows a report (`campaigns`, `call-volume`) over the window `[from, to)`, with the days of a zone.
pub fn report_page(public_url: &str, report: &str, from: DateTime<Utc>, to: DateTime<Utc>, zone: &str) -> String {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    address(public_url, &[("report", report), ("from", &instant(from)), ("to", &instant(to)), ("timezone", zone)])
}

/// Where it shows an on-demand report among the others.
pub fn on_demand_page(public_url: &str, report_id: &str) -> String {
    address(public_url, &[("report", "on-demand"), ("id", report_id)])
}

fn address(public_url: &str, parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, &ENCODED))).collect();
    format!("{public_url}/reports?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_instants_are_encoded() {
        let at = |text: &str| text.parse().expect("an instant");
        let (from, to) = (at("2026-10-31T23:00:00Z"), at("2026-11-30T23:00:00Z"));
        assert_eq!(
            report_page("https://x.example/calls", "call-volume", from, to, "Etc/GMT+1"),
            "https://x.example/calls/reports?report=call-volume&from=2026-10-31T23%3A00%3A00Z&to=2026-11-30T23%3A00%3A00Z&timezone=Etc%2FGMT%2B1"
        );
        assert_eq!(on_demand_page("https://x.example", "rpt_1"), "https://x.example/reports?report=on-demand&id=rpt_1");
    }
}
