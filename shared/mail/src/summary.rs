//! What all mails about a report have: its headlines, and why they come.

use callmetry_metrics::headlines::Verdict;
use callmetry_render::{HeadlineText, Period, plain};

use crate::letter::LINK;

/// How much of the tenant's name is in the subject, in characters: mail programs show about 70 of the whole.
const SUBJECT_NAME_LENGTH: usize = 60;

/// What a mail says of a report.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The report's title: `QA performance`.
    pub title: &'static str,
    /// The tenant's name; any text.
    pub tenant: String,
    /// The report's headlines, as many as it has.
    pub headlines: Vec<HeadlineText>,
    /// The days that it is about.
    pub period: Period,
    /// The days that it is compared with; without them only the headlines' current figures are shown.
    pub previous: Option<Period>,
    /// The IANA name of the zone that the days are of.
    pub zone: String,
    /// How often it is sent, to follow "You get this mail": `every Monday at 06:00 (Europe/Madrid)`.
    pub cadence: String,
    /// Where the deployment's reports are.
    pub reports_url: String,
}

/// The same as templates show it, each a line by itself.
pub(crate) struct View {
    pub subject: String,
    /// What lists of mails show beside the subject.
    pub preheader: String,
    pub title: &'static str,
    pub tenant: String,
    pub period: String,
    /// The days that rows are compared with, if any are.
    pub previous: Option<String>,
    pub zone: String,
    pub cadence: String,
    pub reports_url: String,
    pub unsubscribe_url: &'static str,
    pub rows: Vec<Row>,
}

/// One headline.
pub(crate) struct Row {
    pub headline: HeadlineText,
    /// Whether there is something to compare it with.
    pub is_compared: bool,
}

impl From<Summary> for View {
    fn from(summary: Summary) -> Self {
        let Summary { title, period, previous, .. } = summary;
        let zone = plain::name(&summary.zone);
        let subject_name = plain::one_line(&plain::name(&summary.tenant), SUBJECT_NAME_LENGTH);
        let is_compared = previous.is_some();
        let rows: Vec<Row> = summary.headlines.into_iter().map(|headline| Row { headline, is_compared }).collect();
        Self {
            subject: format!("{title}: {period} ({zone}) – {subject_name}"),
            preheader: rows.iter().map(Row::in_short).collect::<Vec<_>>().join(" · "),
            title,
            tenant: plain::name(&summary.tenant),
            period: period.to_string(),
            previous: previous.filter(|_| !rows.is_empty()).map(|days| days.to_string()),
            zone,
            cadence: plain::one_line(&summary.cadence, plain::NAME_LENGTH),
            reports_url: plain::one_line(&summary.reports_url, usize::MAX),
            unsubscribe_url: LINK,
            rows,
        }
    }
}

impl Row {
    fn in_short(&self) -> String {
        let HeadlineText { label, current, change, .. } = &self.headline;
        if self.is_compared { format!("{label} {current} ({change})") } else { format!("{label} {current}") }
    }

    /// The class of its dark colours.
    pub fn class(&self) -> &'static str {
        match self.headline.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Same | Verdict::Neutral => "neutral",
        }
    }

    /// Its light colours.
    pub fn colours(&self) -> &'static str {
        match self.headline.verdict {
            Verdict::Better => "background-color:#e2f4e8;color:#0e5a2b;",
            Verdict::Worse => "background-color:#fde7e5;color:#9c1c12;",
            Verdict::Same | Verdict::Neutral => "background-color:#eceff3;color:#465060;",
        }
    }
}
