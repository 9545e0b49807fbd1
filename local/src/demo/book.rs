//! What happens in a centre, kept in memory until it is written. Agents, campaigns and leads are indexes of the
//! world's.

use uuid::Uuid;

use super::dice::Dice;
use super::outcomes::Cause;
use super::quality::{Check, Evaluation};
use super::world::{Ms, World};

/// Beyond the streams of the days.
const CLOSING_STREAM: u64 = 1_000;

/// What happens in a centre, day after day; also what will have happened later today.
pub(super) struct Book {
    pub(super) attempts: Vec<Attempt>,
    pub(super) calls: Vec<Call>,
    pub(super) spans: Vec<Span>,
    pub(super) checks: Vec<Check>,
    pub(super) evaluations: Vec<Evaluation>,
    /// Phone, source, time.
    pub(super) dnc: Vec<(String, &'static str, Ms)>,
    /// By lead: the dialer leaves it alone.
    pub(super) closed: Vec<bool>,
    /// By agent: where the last span ends.
    pub(super) until: Vec<Ms>,
    /// Ids of what closes the book.
    dice: Dice,
}

/// A dial attempt.
pub(super) struct Attempt {
    pub(super) id: Uuid,
    pub(super) campaign: usize,
    pub(super) lead: usize,
    pub(super) agent: Option<usize>,
    pub(super) at: Ms,
    pub(super) answered_by: Option<&'static str>,
    pub(super) abandoned: bool,
    /// When somebody answers, or it is over.
    pub(super) settled: Ms,
    pub(super) code: Option<&'static str>,
    /// When the agent or the dialer has written the code.
    pub(super) coded: Ms,
}

pub(super) struct Call {
    pub(super) id: Uuid,
    pub(super) campaign: Option<usize>,
    pub(super) agent: Option<usize>,
    pub(super) lead: Option<usize>,
    pub(super) inbound: bool,
    /// The other side's number.
    pub(super) phone: String,
    pub(super) started: Ms,
    pub(super) answered: Option<Ms>,
    pub(super) ended: Ms,
    pub(super) talk_secs: i64,
    pub(super) cause: Cause,
    pub(super) code: Option<&'static str>,
    pub(super) coded: Ms,
    /// In thousandths.
    pub(super) sentiment: Option<i64>,
}

/// An agent in one state; without an end until something else comes.
pub(super) struct Span {
    pub(super) id: Uuid,
    pub(super) agent: usize,
    pub(super) state: &'static str,
    pub(super) from: Ms,
    pub(super) to: Option<Ms>,
}

impl Book {
    pub(super) fn new(world: &World) -> Self {
        Self {
            attempts: Vec::new(),
            calls: Vec::new(),
            spans: Vec::new(),
            checks: Vec::new(),
            evaluations: Vec::new(),
            dnc: Vec::new(),
            closed: vec![false; world.leads.len()],
            until: vec![world.calendar.at(super::DAYS - 1, 0); world.agents.len()],
            dice: Dice::new(world.centre.tenant.id, CLOSING_STREAM),
        }
    }

    /// Everybody is offline after the last shift; then all is put in the order of time, as a dialer writes it.
    pub(super) fn close(&mut self) {
        for (agent, &from) in self.until.iter().enumerate() {
            self.spans.push(Span { id: self.dice.id(), agent, state: "offline", from, to: None });
        }
        self.attempts.sort_by_key(|attempt| (attempt.at, attempt.id));
        self.calls.sort_by_key(|call| (call.started, call.id));
        self.spans.sort_by_key(|span| (span.from, span.id));
    }
}
