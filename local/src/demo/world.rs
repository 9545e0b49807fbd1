//! What is there before the first call: agents, campaigns and leads. Their ids are kept as text, being written
//! thousands of times.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::centre::{Centre, Crew, Plan, Shift};
use super::dice::Dice;

/// Milliseconds since 1970, as a dialer's clock has them.
pub(super) type Ms = i64;

pub(super) const SECOND: Ms = 1_000;
pub(super) const MINUTE: Ms = 60 * SECOND;

/// The stream of everything in this file; the days have those after it.
const STREAM: u64 = 0;

pub(super) struct World {
    pub(super) centre: &'static Centre,
    pub(super) calendar: Calendar,
    pub(super) agents: Vec<Agent>,
    pub(super) campaigns: Vec<Campaign>,
    /// By campaign, and within one by the day of their list, oldest first.
    pub(super) leads: Vec<Lead>,
    pub(super) scorecards: Vec<String>,
    /// Entries of the do-not-call list from before the first day: phone, source, time.
    pub(super) old_dnc: Vec<(String, &'static str, Ms)>,
}

pub(super) struct Agent {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) crew: &'static Crew,
    pub(super) shift: Shift,
    /// 0 to 1: sells more, is liked better and evaluated better.
    pub(super) skill: f64,
}

pub(super) struct Campaign {
    pub(super) id: String,
    pub(super) plan: &'static Plan,
    first_lead: usize,
}

pub(super) struct Lead {
    pub(super) id: String,
    pub(super) campaign: usize,
    pub(super) phone: String,
    pub(super) zone: Option<Tz>,
    /// Days before today that its list was loaded.
    pub(super) list: i64,
}

impl World {
    pub(super) fn new(centre: &'static Centre, now: DateTime<Utc>) -> Self {
        let mut dice = Dice::new(centre.tenant.id, STREAM);
        let calendar = Calendar { zone: centre.zone, today: now.with_timezone(&centre.zone).date_naive() };
        let mut world = Self {
            centre,
            calendar,
            agents: agents(centre, &mut dice),
            campaigns: Vec::new(),
            leads: Vec::new(),
            scorecards: centre.cards.iter().map(|_| dice.id().to_string()).collect(),
            old_dnc: Vec::new(),
        };
        for (index, plan) in centre.campaigns.iter().enumerate() {
            world.campaigns.push(Campaign { id: dice.id().to_string(), plan, first_lead: world.leads.len() });
            for nth in 0..plan.leads {
                let lead = Lead {
                    id: dice.id().to_string(),
                    campaign: index,
                    phone: world.phone(FIRST_LEAD + world.leads.len() as u64),
                    zone: dice.weighted(plan.zones),
                    list: list_day(nth, plan.leads).min(plan.age),
                };
                world.leads.push(lead);
            }
        }
        for _ in 0..centre.old_dnc_entries {
            let source = dice.weighted(&[(55, "national"), (18, "state"), (17, "internal"), (10, "litigator")]);
            let at = world.calendar.at(dice.between(super::DAYS..=180), dice.between(6 * 60..=18 * 60));
            let phone = world.stranger(&mut dice);
            world.old_dnc.push((phone, source, at));
        }
        world
    }

    /// The centre's own numbers: 0 for those who call in, after it one for each campaign.
    pub(super) fn own_number(&self, nth: usize) -> String {
        self.phone(nth as u64)
    }

    /// The number of somebody who is in no list.
    pub(super) fn stranger(&self, dice: &mut Dice) -> String {
        self.phone(FIRST_STRANGER + dice.between(0..=900_000) as u64)
    }

    /// The leads of a campaign that were loaded before this day.
    pub(super) fn dialable(&self, campaign: usize, day: i64) -> &[Lead] {
        let &Campaign { first_lead, plan, .. } = &self.campaigns[campaign];
        let all = &self.leads[first_lead..first_lead + plan.leads];
        &all[..all.partition_point(|lead| lead.list > day)]
    }

    /// The index in `leads` of the nth lead of a campaign.
    pub(super) fn lead_index(&self, campaign: usize, nth: usize) -> usize {
        self.campaigns[campaign].first_lead + nth
    }

    /// Different for every `nth` below the span: the step has no common factor with it, so they look unordered.
    fn phone(&self, nth: u64) -> String {
        const STEP: u64 = 61_803_399;
        let numbers = &self.centre.numbers;
        let width = (numbers.low + numbers.span - 1).ilog10() as usize + 1;
        format!("{}{:0width$}", numbers.prefix, numbers.low + nth * STEP % numbers.span)
    }
}

const FIRST_LEAD: u64 = 1_000;
const FIRST_STRANGER: u64 = 100_000;

/// Half of the leads were there before the first day, the others came in four weekly lists.
fn list_day(nth: usize, of: usize) -> i64 {
    match nth * 8 / of {
        0..4 => 45,
        4 => 28,
        5 => 21,
        6 => 14,
        _ => 7,
    }
}

fn agents(centre: &'static Centre, dice: &mut Dice) -> Vec<Agent> {
    let members =
        centre.crews.iter().flat_map(|crew| crew.members.iter().enumerate().map(move |(n, name)| (crew, n, name)));
    members
        .map(|(crew, n, name)| {
            let shift = crew.shifts[n % crew.shifts.len()];
            Agent { id: dice.id().to_string(), name, crew, shift, skill: 0.1 + 0.85 * dice.unit() }
        })
        .collect()
}

/// Days counted back from today, on the centre's clock.
pub(super) struct Calendar {
    zone: Tz,
    today: NaiveDate,
}

impl Calendar {
    /// A local minute of a day. The minutes of one day may go on into the next; a time that the clocks skipped is taken
    /// an hour later, and of one that came twice the first.
    pub(super) fn at(&self, day: i64, minute: i64) -> Ms {
        let local = self.date(day).and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
        [local, local + TimeDelta::hours(1)]
            .iter()
            .find_map(|local| self.zone.from_local_datetime(local).earliest())
            .map_or_else(|| local.and_utc().timestamp_millis(), |instant| instant.timestamp_millis())
    }

    /// 0 is Monday.
    pub(super) fn weekday(&self, day: i64) -> usize {
        self.date(day).weekday().num_days_from_monday() as usize
    }

    /// Whether an instant is in `hours` by the clock of a lead's zone, or else the centre's.
    pub(super) fn inside(&self, (start, end): (i64, i64), zone: Option<Tz>, at: Ms) -> bool {
        let zone = zone.unwrap_or(self.zone);
        let local = DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&zone).time();
        let minute = (local - NaiveTime::MIN).num_minutes();
        if start < end { (start..end).contains(&minute) } else { minute >= start || minute < end }
    }

    fn date(&self, day: i64) -> NaiveDate {
        self.today - TimeDelta::days(day)
    }
}
