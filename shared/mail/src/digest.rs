//! The digest of a report: its headlines beside those of the period before.

use askama::Template;
use askama::filters::{Html, escape};
use callmetry_metrics::ReportName;
use callmetry_metrics::headlines::{Headline, Verdict};

use callmetry_render::{HeadlineText, Period, plain};

use crate::Message;

/// Stands for the recipient's own link until it is known. No other text can have it: [`plain`] leaves no control character.
const LINK: &str = "\0";

/// How much of the tenant's name is in the subject, in characters: mail programs show about 70 of the whole.
const SUBJECT_NAME_LENGTH: usize = 60;

/// What a digest says.
#[derive(Clone, Debug)]
pub struct Content {
    /// The report.
    pub report: ReportName,
    /// The tenant's name; any text.
    pub tenant: String,
    /// The report's headlines; their labels may be any text.
    pub headlines: Vec<Headline>,
    /// The days that it is about.
    pub period: Period,
    /// The days that it is compared with.
    pub previous: Period,
    /// The IANA name of the zone that the days are of.
    pub zone: String,
    /// How often it is sent, to follow "You get this mail": `every Monday at 06:00 (Europe/Madrid)`.
    pub cadence: String,
    /// Where the deployment's reports are.
    pub reports_url: String,
}

/// A digest, rendered but for the recipient.
#[derive(Clone, Debug)]
pub struct Digest {
    subject: String,
    /// The text, parted where the recipient's link belongs.
    text: Vec<String>,
    /// The HTML, likewise.
    html: Vec<String>,
}

#[derive(Template)]
#[template(path = "digest.txt", escape = "none")]
struct Text<'a>(&'a View);

#[derive(Template)]
#[template(path = "digest.html")]
struct Page<'a>(&'a View);

/// What both templates show, each a line by itself.
struct View {
    subject: String,
    /// What lists of mails show beside the subject.
    preheader: String,
    title: &'static str,
    tenant: String,
    period: String,
    previous: String,
    zone: String,
    cadence: String,
    reports_url: String,
    rows: Vec<Row>,
}

/// One headline.
struct Row(HeadlineText);

impl Digest {
    /// Renders the digest.
    pub fn new(content: Content) -> Self {
        let view = View::from(content);
        let parts = |rendered: String| rendered.split(LINK).map(str::to_owned).collect();
        Self { text: parts(Text(&view).to_string()), html: parts(Page(&view).to_string()), subject: view.subject }
    }

    /// The digest to this recipient, who stops it at this URL.
    pub fn message(&self, recipient: &str, unsubscribe_url: &str) -> Message {
        Message {
            to: recipient.to_owned(),
            subject: self.subject.clone(),
            text: self.text.join(unsubscribe_url),
            html: self.html.join(&escaped(unsubscribe_url)),
            unsubscribe_url: unsubscribe_url.to_owned(),
        }
    }
}

impl From<Content> for View {
    fn from(content: Content) -> Self {
        let zone = plain::name(&content.zone);
        let title = content.report.title();
        let subject_name = plain::one_line(&plain::name(&content.tenant), SUBJECT_NAME_LENGTH);
        let rows: Vec<Row> = content.headlines.into_iter().map(|headline| Row(headline.into())).collect();
        let preheader: Vec<String> =
            rows.iter().map(|Row(row)| format!("{} {} ({})", row.label, row.current, row.change)).collect();
        Self {
            subject: format!("{title}: {} ({zone}) – {subject_name}", content.period),
            preheader: preheader.join(" · "),
            title,
            tenant: plain::name(&content.tenant),
            period: content.period.to_string(),
            previous: content.previous.to_string(),
            zone,
            cadence: plain::one_line(&content.cadence, plain::NAME_LENGTH),
            reports_url: plain::one_line(&content.reports_url, usize::MAX),
            rows,
        }
    }
}

impl Row {
    /// The class of its dark colours.
    fn class(&self) -> &'static str {
        match self.0.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Same | Verdict::Neutral => "neutral",
        }
    }

    /// Its light colours.
    fn colours(&self) -> &'static str {
        match self.0.verdict {
            Verdict::Better => "background-color:#e2f4e8;color:#0e5a2b;",
            Verdict::Worse => "background-color:#fde7e5;color:#9c1c12;",
            Verdict::Same | Verdict::Neutral => "background-color:#eceff3;color:#465060;",
        }
    }
}

fn escaped(text: &str) -> String {
    let Ok(safe) = escape(text, Html);
    safe.0.to_string()
}

#[cfg(test)]
mod tests {
    use callmetry_metrics::dispositions::{DispositionCounts, Dispositions};
    use callmetry_metrics::headlines::{Change, Figure, Headlines};
    use callmetry_metrics::{Decimal2, Mean};

    use super::*;

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

    fn content(report: ReportName, tenant: &str, headlines: Vec<Headline>) -> Content {
        let period = |first: &str, last: &str| Period {
            first: first.parse().expect("a date"),
            last: last.parse().expect("a date"),
        };
        Content {
            report,
            tenant: tenant.into(),
            headlines,
            period: period("2026-11-02", "2026-11-08"),
            previous: period("2026-10-26", "2026-11-01"),
            zone: "Europe/Madrid".into(),
            cadence: "every Monday at 06:00 (Europe/Madrid)".into(),
            reports_url: "https://reports.example.com/reports".into(),
        }
    }

    fn message(content: Content) -> Message {
        Digest::new(content)
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
        let digest = Digest::new(content(ReportName::Campaigns, "Acme", campaigns()));
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
