//! The body.

use callmetry_exports::{Direction, Filter};
use callmetry_host::{Body, Error, Fields};
use callmetry_metrics::Window;
use callmetry_metrics::ondemand::agent_coaching::AgentCoaching;
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::CampaignPerformance;
use callmetry_metrics::ondemand::compliance_audit::ComplianceAudit;
use callmetry_metrics::ondemand::qa_performance::QaPerformance;
use callmetry_ondemand::{Format, Kind, Plan, weekday};
use callmetry_render::Tabular;
use callmetry_schedules::entered::{self, Listing, MOST_RECIPIENTS};
use callmetry_schedules::{Cadence, Timetable};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// What is ordered.
pub struct OrderForm {
    pub kind: Kind,
    pub format: Format,
    pub section: Option<&'static str>,
    pub window: Window,
    /// Where as many days before the window begin.
    pub previous_from: DateTime<Utc>,
    pub filter: Filter,
    pub schedule: Option<Plan>,
}

#[derive(Clone, Copy)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
}

/// The tables that a type has, the default first.
fn sections(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::CallSummary => CallSummary::SECTIONS,
        Kind::QaPerformance => QaPerformance::SECTIONS,
        Kind::ComplianceAudit => ComplianceAudit::SECTIONS,
        Kind::AgentCoaching => AgentCoaching::SECTIONS,
        Kind::CampaignPerformance => CampaignPerformance::SECTIONS,
        Kind::CdrExport => &["calls"],
    }
}

impl OrderForm {
    /// Reads it.
    pub fn read(body: &Body) -> Result<Self, Error> {
        body.read(|fields| {
            let kind = fields.choice("type", &Kind::CHOICES);
            let days = days(fields);
            let filter = fields.part_or("filters", Filter::default(), |fields| filter(fields, kind));
            let format = format(fields, kind);
            let section = section(fields, kind, format);
            let schedule = fields.part_or("schedule", None, |fields| plan(fields).map(Some));
            let (window, previous_from) = days?;
            let (kind, format, section) = (kind?, format?, section?);
            Some(Self { kind, format, section, window, previous_from, filter: filter?, schedule: schedule? })
        })
    }

    /// What makes it the same order as another, in whatever words.
    pub fn content(&self) -> Vec<String> {
        let mut content = vec![
            self.kind.as_str().to_owned(),
            self.format.as_str().to_owned(),
            self.section.unwrap_or_default().to_owned(),
            self.window.from().to_rfc3339(),
            self.window.to().to_rfc3339(),
            serde_json::to_string(&self.filter).unwrap_or_default(),
        ];
        if let Some(plan) = &self.schedule {
            content.push(format!("{} {}", plan.timetable, plan.as_list));
            content.extend(plan.recipients.iter().map(|recipient| recipient.address.clone()));
        }
        content
    }
}

/// `from` and `to`, both included, as a window of UTC days; and where as many days before it begin.
fn days(fields: &mut Fields<'_>) -> Option<(Window, DateTime<Utc>)> {
    let (from, to) = (fields.date("from"), fields.date("to"));
    let (from, to) = (from?, to?);
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let (Some(after), true) = (to.checked_add_days(Days::new(1)), from <= to) else {
        fields.error("from", "must not be after `to`");
        return None;
    };
    let window = Window::new(midnight(from), midnight(after)).map_err(|error| fields.error("from", error.to_string()));
    let window = window.ok()?;
    let previous_from = Window::bound(window.from() - (window.to() - window.from()));
    let previous_from = previous_from.map_err(|error| fields.error("from", error.to_string())).ok()?;
    Some((window, previous_from))
}

fn filter(fields: &mut Fields<'_>, kind: Option<Kind>) -> Option<Filter> {
    let is_given = ["campaign_id", "agent_id", "direction"].map(|name| fields.has(name));
    let campaign_id = fields.optional_uuid("campaign_id");
    let agent_id = fields.optional_uuid("agent_id");
    let directions = Direction::CHOICES.map(|(name, direction)| (name, Some(direction)));
    let direction = fields.choice_or("direction", &directions, None)?;
    if direction.is_some() && kind.is_some_and(|kind| kind != Kind::CdrExport) {
        fields.error("direction", "is for cdr_export only");
        return None;
    }
    let is_read = [campaign_id.is_some(), agent_id.is_some(), direction.is_some()];
    (is_given == is_read).then_some(Filter { campaign_id, agent_id, direction })
}

/// JSON where it says nothing; of raw calls CSV, which is all that there is.
fn format(fields: &mut Fields<'_>, kind: Option<Kind>) -> Option<Format> {
    let is_export = kind == Some(Kind::CdrExport);
    let format = fields.choice_or("format", &Format::CHOICES, if is_export { Format::Csv } else { Format::Json })?;
    if is_export && format != Format::Csv {
        fields.error("format", "must be csv: cdr_export has no other");
        return None;
    }
    Some(format)
}

/// One of the type's tables, for a CSV only. None inside: the first.
fn section(fields: &mut Fields<'_>, kind: Option<Kind>, format: Option<Format>) -> Option<Option<&'static str>> {
    if !fields.has("section") {
        return Some(None);
    }
    let Some(kind) = kind else {
        // Which there are is told when the type is.
        fields.optional_text("section", 0..=usize::MAX);
        return None;
    };
    let choices: Vec<_> = sections(kind).iter().map(|section| (*section, Some(*section))).collect();
    let section = fields.choice_or("section", &choices, None)?;
    if format.is_some_and(|format| format != Format::Csv) {
        fields.error("section", "is for the format csv only: the others have all sections");
        return None;
    }
    // The default by its name is the default.
    Some(section.filter(|section| sections(kind).first() != Some(section)))
}

fn plan(fields: &mut Fields<'_>) -> Option<Plan> {
    let cadence = cadence(fields);
    let time = fields.parsed("time", entered::time);
    let zone = if fields.has("timezone") { fields.parsed("timezone", entered::zone) } else { Some(Tz::UTC) };
    let mut listing = Listing::default();
    let recipients = fields.text_or_texts("email", 1..=MOST_RECIPIENTS, |text| listing.recipient(text));
    let (recipients, as_list) = recipients?;
    Some(Plan { timetable: Timetable { cadence: cadence?, time: time?, zone: zone? }, recipients, as_list })
}

/// `day_of_week` belongs to weekly, `day_of_month` to monthly.
fn cadence(fields: &mut Fields<'_>) -> Option<Cadence> {
    let frequencies = [("daily", Frequency::Daily), ("weekly", Frequency::Weekly), ("monthly", Frequency::Monthly)];
    let frequency = fields.choice("frequency", &frequencies);
    let (has_weekday, has_day) = (fields.has("day_of_week"), fields.has("day_of_month"));
    let weekdays = weekday::CHOICES.map(|(name, day)| (name, Some(day)));
    let weekday = fields.choice_or("day_of_week", &weekdays, None);
    let day = fields.optional_integer("day_of_month", 1..=28);
    let frequency = frequency?;
    if has_weekday && !matches!(frequency, Frequency::Weekly) {
        fields.error("day_of_week", "is for weekly schedules only");
    }
    if has_day && !matches!(frequency, Frequency::Monthly) {
        fields.error("day_of_month", "is for monthly schedules only");
    }
    match frequency {
        Frequency::Daily => Some(Cadence::Daily),
        Frequency::Weekly => {
            if !has_weekday {
                fields.error("day_of_week", "is missing: a weekly schedule needs it, from monday to sunday");
            }
            weekday?.map(Cadence::Weekly)
        }
        Frequency::Monthly => {
            if !has_day {
                fields.error("day_of_month", "is missing: a monthly schedule needs it, from 1 to 28");
            }
            u32::try_from(day?).ok().map(Cadence::Monthly)
        }
    }
}
