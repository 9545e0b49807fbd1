use callmetry_metrics::headlines::{Change, Figure, Headline, Verdict};
use callmetry_metrics::{Decimal2, Mean};
use callmetry_render::{HeadlineText, Period};

use super::*;
use crate::Message;

const UNSUBSCRIBE: &str = "https://reports.example.com/unsubscribe?token=abc&kind=\"1\"";
const SIGNED: &str = "https://reports.example.com/signed/rpt_4f1d.pdf?token=c2lnbmVk&expires=1707112800";

fn percent(units: i64) -> Figure {
    Figure::Percent(Decimal2::from_units(units))
}

fn headline(label: &str, current: Figure, previous: Figure, change: Change, verdict: Verdict) -> HeadlineText {
    Headline { label: label.into(), current, previous, change, verdict }.into()
}

fn points(units: i64) -> Change {
    Change::Points(Decimal2::from_units(units))
}

fn quality() -> Summary {
    let (score, before) = (Figure::Score(Mean::from_units(8_521)), Figure::Score(Mean::from_units(8_734)));
    let more = Change::Percent(Decimal2::from_units(1_223));
    Summary {
        title: "QA performance",
        tenant: "Acme GmbH".into(),
        headlines: vec![
            headline("Calls evaluated", Figure::Count(1_240), Figure::Count(1_105), more, Verdict::Neutral),
            headline("Overall score", score, before, points(-213), Verdict::Worse),
            headline("Pass rate", percent(9_112), percent(8_950), points(162), Verdict::Better),
        ],
        period: days("2024-01-22", "2024-01-28"),
        previous: Some(days("2024-01-15", "2024-01-21")),
        zone: "UTC".into(),
        cadence: "every Monday at 06:00 (UTC)".into(),
        reports_url: "https://reports.example.com/reports".into(),
    }
}

/// An export, which has but one headline.
fn export() -> Summary {
    let more = Change::Percent(Decimal2::from_units(212));
    Summary {
        title: "Call records",
        headlines: vec![headline(
            "Records",
            Figure::Count(1_204_412),
            Figure::Count(1_179_409),
            more,
            Verdict::Neutral,
        )],
        ..quality()
    }
}

/// A report that is compared with nothing.
fn alone() -> Summary {
    Summary { previous: None, ..quality() }
}

fn hostile() -> Summary {
    Summary {
        tenant: "\u{202E}<b>Evil</b> & \"Sons\"\r\nBcc: everybody@example.com\0 {{ses:openTracker}}".into(),
        headlines: vec![headline(
            "<script>alert('x')</script>\"\r\nBcc: everybody@example.com\0\u{202E}gnp.exe",
            Figure::Count(1),
            Figure::Count(0),
            Change::FromZero,
            Verdict::Better,
        )],
        zone: "UTC\"><img src=x>\n".into(),
        cadence: "each day\r\nBcc: everybody@example.com".into(),
        reports_url: "https://reports.example.com/reports\"onclick=\"x\n".into(),
        ..quality()
    }
}

fn days(first: &str, last: &str) -> Period {
    Period { first: first.parse().expect("a date"), last: last.parse().expect("a date") }
}

/// A file that is linked only.
fn linked(format: &'static str, bytes: u64) -> Download {
    let expires = "2024-02-05T06:00:00Z".parse().expect("a point in time");
    Download { url: SIGNED.into(), expires, format, bytes, attachment: None }
}

/// The same, attached.
fn attached(file_name: &str) -> Download {
    let bytes = vec![0; 34_249].into();
    let attachment = Attachment { file_name: file_name.into(), content_type: "application/pdf", bytes };
    Download { attachment: Some(attachment), ..linked("PDF", 34_249) }
}

/// All reports of these tests, by the name of their snapshot.
fn messages() -> [(&'static str, Message); 5] {
    let hostile_file = Download {
        url: "https://reports.example.com/signed/\"><script>\r\n&expires=1\u{202E}".into(),
        ..attached("report\u{202E}fdp\r\nBcc: everybody@example.com</bdi><b>.exe.pdf")
    };
    [
        ("attached", quality(), attached("qa_performance_2024-01-22_2024-01-28.pdf")),
        ("too_large", export(), linked("CSV", 12_400_000)),
        ("json", alone(), linked("JSON", 812)),
        ("no_headlines", Summary { headlines: vec![], ..quality() }, linked("JSON", 1_250)),
        ("hostile", hostile(), hostile_file),
    ]
    .map(|(name, summary, download)| {
        (name, Letter::report(summary, download).message("manager@example.com", UNSUBSCRIBE))
    })
}

#[test]
fn reports() {
    for (name, message) in messages() {
        insta::assert_snapshot!(format!("{name}.txt"), format!("Subject: {}\n\n{}", message.subject, message.text));
        insta::assert_snapshot!(format!("{name}.html"), message.html);
    }
}

#[test]
fn only_what_is_attached_is_attached() {
    let files = messages().map(|(name, message)| (name, message.attachment.map(|file| file.bytes.len())));
    assert_eq!(
        files,
        [
            ("attached", Some(34_249)),
            ("too_large", None),
            ("json", None),
            ("no_headlines", None),
            ("hostile", Some(34_249))
        ]
    );
}

#[test]
fn there_are_three_links_that_nobody_tracks_and_nothing_to_fetch() {
    for (name, Message { html, .. }) in messages() {
        assert_eq!(html.matches("<a ").count(), 3, "{name}");
        assert_eq!(html.matches(" ses:no-track href=").count(), 3, "{name}");
        for fetching in ["<img", "<link", "<script", "src=\"", "url(", "@import", "background="] {
            assert!(!html.contains(fetching), "{name}: {fetching}");
        }
    }
}

#[test]
fn no_text_breaks_out_of_its_place() {
    for (name, Message { subject, text, html, .. }) in messages() {
        let is_loose = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
        assert!(!subject.contains(|c| c == '\n' || is_loose(c)), "{name}");
        assert!(!text.contains(is_loose) && !html.contains(is_loose), "{name}");
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{name}");
        assert_eq!(text.matches(UNSUBSCRIBE).count(), 1, "{name}");
    }
}
