//! The digest of a report: its headlines beside those of the period before.

use askama::Template;

use crate::summary::View;
use crate::{Letter, Summary};

#[derive(Template)]
#[template(path = "digest.txt", escape = "none")]
struct Text<'a> {
    view: &'a View,
}

#[derive(Template)]
#[template(path = "digest.html")]
struct Page<'a> {
    view: &'a View,
}

impl Letter {
    /// Renders a digest.
    pub fn digest(summary: Summary) -> Self {
        let view = View::from(summary);
        Self::new(view.subject.clone(), &Text { view: &view }, &Page { view: &view }, None)
    }
}

#[cfg(test)]
mod tests {
    use callmetry_metrics::dispositions::{DispositionCounts, Dispositions};
    use callmetry_metrics::headlines::{Change, Figure, Headline, Headlines, Verdict};
    use callmetry_metrics::{Decimal2, Mean, ReportName};
    use callmetry_render::Period;

    use super::*;
    use crate::Message;

    fn percent(units: i64) -> Figure {
        Figure::Percent(Decimal2::from_units(units))
    }

    fn points(units: i64) -> Change {
        Change::Points(Decimal2::from_units(units))
    }

    fn headline(label: &str, current: Figure, previous: Figure, change: Change, verdict: Verdict) -> Headline {
        Headline { label: label.into(), current, previous, change, verdict }
    }

    fn campaigns() -> Vec<Headline> {
        let more = Change::Percent(Decimal2::from_units(1_223));
        vec![
            headline("Attempts", Figure::Count(12_345), Figure::Count(11_000), more, Verdict::Neutral),
            headline("Contact rate", percent(4_286), percent(4_000), points(286), Verdict::Better),
            headline("Conversion rate", percent(1_250), percent(1_250), points(0), Verdict::Same),
            headline("Abandonment rate", percent(341), percent(288), points(53), Verdict::Worse),
        ]
    }

    fn agents_without_anything() -> Vec<Headline> {
        let seconds = Figure::Duration(Mean::ZERO);
        let same = Change::Percent(Decimal2::ZERO);
        vec![
            headline("Calls", Figure::Count(0), Figure::Count(0), same, Verdict::Same),
            headline("Talk time", seconds, seconds, same, Verdict::Same),
            headline("Occupancy", percent(0), percent(0), Change::None, Verdict::Neutral),
            headline("QA average", Figure::None, Figure::None, Change::None, Verdict::Neutral),
        ]
    }

    fn call_volume() -> Vec<Headline> {
        let (long, short) = (Figure::Duration(Mean::from_units(18_742)), Figure::Duration(Mean::from_units(19_010)));
        let less = Change::Percent(Decimal2::from_units(-141));
        vec![
            headline("Total calls", Figure::Count(1_204_412), Figure::Count(0), Change::FromZero, Verdict::Neutral),
            headline("Answered", Figure::Count(802_101), Figure::Count(0), Change::FromZero, Verdict::Neutral),
            headline("Answer-seizure ratio", percent(6_660), percent(0), Change::None, Verdict::Neutral),
            headline("Average call duration", long, short, less, Verdict::Neutral),
        ]
    }

    /// As a dialer may have written them.
    fn hostile_dispositions() -> Vec<Headline> {
        let code = |code: &str, label: &str, count| DispositionCounts {
            code: code.into(),
            label: label.into(),
            category: "x".into(),
            count,
        };
        let now = Dispositions::new(vec![
            code("X", "<script>alert('x')</script>\" onmouseover=\"y", 412_000),
            code("Y", "Ocupado\r\nBcc: everybody@example.com\0\u{202E}gnp.exe", 300),
            code("Z", &"Wiedervorlagenvereinbarungsbestätigung".repeat(4), 20),
        ]);
        now.headlines(&Dispositions::new(vec![code("Y", "Ocupado", 7)]))
    }

    fn content(report: ReportName, tenant: &str, headlines: Vec<Headline>) -> Summary {
        let period = |first: &str, last: &str| Period {
            first: first.parse().expect("a date"),
            last: last.parse().expect("a date"),
        };
        Summary {
            title: report.title(),
            tenant: tenant.into(),
            headlines: headlines.into_iter().map(Into::into).collect(),
            period: period("2026-11-02", "2026-11-08"),
            previous: Some(period("2026-10-26", "2026-11-01")),
            zone: "Europe/Madrid".into(),
            cadence: "every Monday at 06:00 (Europe/Madrid)".into(),
            reports_url: "https://reports.example.com/reports".into(),
        }
    }

    fn message(content: Summary) -> Message {
        Letter::digest(content)
            .message("manager@example.com", "https://reports.example.com/unsubscribe?token=abc&kind=\"1\"")
    }

    /// All digests of these tests, by the name of their snapshot.
    fn messages() -> [(&'static str, Message); 4] {
        [
            ("campaigns", content(ReportName::Campaigns, "Acme GmbH", campaigns())),
            ("no_data", content(ReportName::Agents, "株式会社コール・センター", agents_without_anything())),
            ("call_volume", content(ReportName::CallVolume, "Ελληνική Εταιρεία", call_volume())),
            (
                "hostile",
                content(
                    ReportName::Dispositions,
                    "\u{202E}<b>Evil</b> & \"Sons\"\r\nBcc: everybody@example.com\0 {{ses:openTracker}}",
                    hostile_dispositions(),
                ),
            ),
        ]
        .map(|(name, content)| (name, message(content)))
    }

    #[test]
    fn digests() {
        for (name, message) in messages() {
            insta::assert_snapshot!(format!("{name}.txt"), format!("Subject: {}\n\n{}", message.subject, message.text));
            insta::assert_snapshot!(format!("{name}.html"), message.html);
        }
    }

    #[test]
    fn every_recipient_has_a_link_of_their_own() {
        let digest = Letter::digest(content(ReportName::Campaigns, "Acme", campaigns()));
        let (one, other) =
            (digest.message("a@example.com", "https://x/?t=1&a"), digest.message("b@example.com", "https://x/?t=2"));
        assert_eq!((one.to.as_str(), one.unsubscribe_url.as_str()), ("a@example.com", "https://x/?t=1&a"));
        assert!(one.text.ends_with("https://x/?t=1&a") && one.html.contains("\"https://x/?t=1&#38;a\""));
        assert!(other.text.contains("https://x/?t=2") && !other.html.contains("t=1"));
    }

    #[test]
    fn there_are_two_links_that_nobody_tracks_and_nothing_to_fetch() {
        for (name, Message { html, .. }) in messages() {
            assert_eq!(html.matches("<a ").count(), 2, "{name}");
            assert_eq!(html.matches(" ses:no-track href=").count(), 2, "{name}");
            assert_eq!(html.matches("https://reports.example.com/reports\"").count(), 1, "{name}");
            for fetching in ["<img", "<link", "<script", "src=", "url(", "@import", "background="] {
                assert!(!html.contains(fetching), "{name}: {fetching}");
            }
        }
    }

    #[test]
    fn no_text_breaks_out_of_its_place() {
        for (name, Message { subject, text, html, .. }) in messages() {
            assert!(!subject.contains(char::is_control), "{name}");
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{name}");
            assert!(!html.contains(|c: char| c.is_control() && c != '\n'), "{name}");
            assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{name}");
        }
    }

    #[test]
    fn a_subject_has_room_for_the_report() {
        let subject = message(content(ReportName::CallVolume, &"x".repeat(8_000), vec![])).subject;
        assert_eq!(subject.chars().count(), "Call volume: 2–8 Nov 2026 (Europe/Madrid) – ".chars().count() + 60);
        let nameless = message(content(ReportName::CallVolume, "\n", vec![])).subject;
        assert_eq!(nameless, "Call volume: 2–8 Nov 2026 (Europe/Madrid) – (no name)");
    }
}
