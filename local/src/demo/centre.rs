//! What a call centre is made of.

use chrono_tz::Tz;

use super::Tenant;
use super::scorecards::{Card, Rule};

/// A call centre.
pub(super) struct Centre {
    pub(super) tenant: Tenant,
    pub(super) zone: Tz,
    pub(super) numbers: Numbers,
    pub(super) campaigns: &'static [Plan],
    pub(super) crews: &'static [Crew],
    pub(super) cards: &'static [Card],
    pub(super) rules: &'static [Rule],
    /// The share of agents' calls that somebody evaluates.
    pub(super) evaluated: f64,
    pub(super) evaluators: &'static [&'static str],
    /// Entries of the do-not-call list that came from outside in the half year before.
    pub(super) old_dnc_entries: i64,
}

/// Telephone numbers that nobody has: `prefix` and then a number from `low` on, of which there are `span`.
pub(super) struct Numbers {
    pub(super) prefix: &'static str,
    pub(super) low: u64,
    pub(super) span: u64,
}

/// A campaign.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// In hundredths of a percent.
    pub(super) cap: i64,
    /// Local minutes of the day; the end may be before the start: over midnight.
    pub(super) hours: Option<(i64, i64)>,
    /// Days before today that it was created.
    pub(super) age: i64,
    pub(super) leads: usize,
    /// The zones of its leads; none is the campaign's own.
    pub(super) zones: &'static [(u32, Option<Tz>)],
    /// Shares of all attempts: a person answers, the dialer drops that person, a machine answers.
    pub(super) contact: f64,
    pub(super) abandoned: f64,
    pub(super) machine: f64,
    /// The mean length of a conversation, in seconds.
    pub(super) talk: i64,
    /// What an average agent sells, and in which share of conversations.
    pub(super) sale: Option<(&'static str, f64)>,
    /// How the other conversations end.
    pub(super) others: &'static [(u32, &'static str)],
}

/// Agents of one team who work the same campaigns.
pub(super) struct Crew {
    pub(super) team: Option<&'static str>,
    pub(super) members: &'static [&'static str],
    /// Dealt to the members in turn.
    pub(super) shifts: &'static [Shift],
    /// The shift of everybody on Saturday, where it is another one.
    pub(super) saturday: Option<Shift>,
    /// How likely a member works, Monday to Sunday.
    pub(super) presence: [f64; 7],
    /// Weights and indexes of `campaigns`.
    pub(super) campaigns: &'static [(u32, usize)],
    /// The share of inbound calls among the agents' calls.
    pub(super) inbound: f64,
    /// Index of `cards`.
    pub(super) card: usize,
    /// Mean seconds between two calls, and of the work after one.
    pub(super) wait: i64,
    pub(super) wrap: i64,
}

/// Local minute of the day, and length in minutes.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub(super) start: i64,
    pub(super) length: i64,
}

pub(super) const fn shift(start: i64, length: i64) -> Shift {
    Shift { start, length }
}

/// The minute of the day.
pub(super) const fn at(hour: i64, minute: i64) -> i64 {
    hour * 60 + minute
}
