//! What the dialer does without agents: the attempts around an agent's call that end before they reach anyone.

use super::book::{Attempt, Call};
use super::day::Today;
use super::outcomes::{FAILURES, NORMAL_CLEARING, closes_lead};
use super::world::{MINUTE, Ms, SECOND};

/// The share of the dialer's own endings that have a call record: it keeps one of every attempt that a person answered,
/// and samples the rest.
const MACHINES_RECORDED: f64 = 0.08;
const FAILURES_RECORDED: f64 = 0.21;
/// How far from an agent's call the dialer tries others for the same agent.
const DIALED_AROUND: i64 = 10 * MINUTE;

/// Attempts and drops that are due: whole ones are made, the rest is carried on, so that rates come out as planned.
pub(super) struct Owed {
    pub(super) attempts: f64,
    pub(super) drops: f64,
}

impl Today<'_> {
    /// The attempts that end without an agent, around one that reached one.
    pub(super) fn dial_in_vain(&mut self, campaign: usize, shift_start: Ms, around: Ms) {
        let plan = self.world.campaigns[campaign].plan;
        let with_agent = plan.contact - plan.abandoned;
        let without_agent = 1.0 - with_agent;
        self.owed[campaign].attempts += without_agent / with_agent;
        while self.owed[campaign].attempts >= 1.0 {
            self.owed[campaign].attempts -= 1.0;
            self.owed[campaign].drops += self.drop_factor * plan.abandoned / without_agent;
            let at = (around + self.dice.between(-DIALED_AROUND..=DIALED_AROUND)).max(shift_start);
            let lead = self.next_lead(campaign);
            if self.owed[campaign].drops >= 1.0 {
                self.owed[campaign].drops -= 1.0;
                self.drop_call(campaign, lead, at);
            } else if self.dice.chance(plan.machine / (without_agent - plan.abandoned)) {
                self.reach_machine(campaign, lead, at);
            } else {
                self.fail(campaign, lead, at);
            }
        }
    }

    /// A person answers and no agent is free.
    fn drop_call(&mut self, campaign: usize, lead: usize, at: Ms) {
        let answered = at + self.dice.between(3 * SECOND..=24 * SECOND);
        let ended = answered + self.dice.between(2 * SECOND..=6 * SECOND);
        let attempt = self.attempt(campaign, lead, at, answered);
        self.book.attempts.push(Attempt {
            answered_by: Some("human"),
            abandoned: true,
            code: Some("DROP"),
            coded: ended,
            ..attempt
        });
        let call = self.outbound(campaign, lead, (at, Some(answered), ended));
        self.book.calls.push(Call { code: Some("DROP"), ..call });
    }

    fn reach_machine(&mut self, campaign: usize, lead: usize, at: Ms) {
        let answered = at + self.dice.between(8 * SECOND..=28 * SECOND);
        let ended = answered + self.dice.between(2 * SECOND..=5 * SECOND);
        let attempt = self.attempt(campaign, lead, at, answered);
        self.book.attempts.push(Attempt { answered_by: Some("machine"), code: Some("AM"), coded: ended, ..attempt });
        if self.dice.chance(MACHINES_RECORDED) {
            let call = self.outbound(campaign, lead, (at, Some(answered), ended));
            self.book.calls.push(Call { code: Some("AM"), ..call });
        }
    }

    fn fail(&mut self, campaign: usize, lead: usize, at: Ms) {
        let failure = self.dice.weighted(&FAILURES);
        let ended = at + self.dice.between(failure.ring * SECOND / 2..=failure.ring * SECOND);
        let attempt = self.attempt(campaign, lead, at, ended);
        self.book.attempts.push(Attempt { code: failure.code, ..attempt });
        if let Some(code) = failure.code {
            self.settle(lead, code, ended);
        }
        if self.dice.chance(FAILURES_RECORDED) {
            let call = self.outbound(campaign, lead, (at, None, ended));
            self.book.calls.push(Call { cause: failure.cause, code: failure.code, ..call });
        }
    }

    /// A lead of the campaign that may still be called.
    pub(super) fn next_lead(&mut self, campaign: usize) -> usize {
        let leads = self.world.dialable(campaign, self.day).len();
        // Always two throws, however many leads are closed already: what happened before must not shift the dice.
        let mut lead = (self.dice.unit() * leads as f64) as usize;
        let step = 1 + (self.dice.unit() * leads as f64) as usize;
        for _ in 0..leads {
            if !self.book.closed[self.world.lead_index(campaign, lead)] {
                break;
            }
            lead = (lead + step) % leads;
        }
        self.world.lead_index(campaign, lead)
    }

    /// What a code means for the lead.
    pub(super) fn settle(&mut self, lead: usize, code: &str, at: Ms) {
        self.book.closed[lead] |= closes_lead(code);
        if code == "DNC" {
            self.book.dnc.push((self.world.leads[lead].phone.clone(), "internal", at));
        }
    }

    /// An attempt that nobody has answered and no agent has.
    pub(super) fn attempt(&mut self, campaign: usize, lead: usize, at: Ms, settled: Ms) -> Attempt {
        Attempt {
            id: self.dice.id(),
            campaign,
            lead,
            agent: None,
            at,
            answered_by: None,
            abandoned: false,
            settled,
            code: None,
            coded: settled,
        }
    }

    /// The record of an attempt, without agent or talk.
    pub(super) fn outbound(
        &mut self,
        campaign: usize,
        lead: usize,
        (started, answered, ended): (Ms, Option<Ms>, Ms),
    ) -> Call {
        Call {
            id: self.dice.id(),
            campaign: Some(campaign),
            agent: None,
            lead: Some(lead),
            inbound: false,
            phone: self.world.leads[lead].phone.clone(),
            started,
            answered,
            ended,
            talk_secs: 0,
            cause: NORMAL_CLEARING,
            code: None,
            coded: ended,
            sentiment: None,
        }
    }
}
