//! One day of a centre. The agents' shifts come first, call after call; what the dialer tried in vain is laid around
//! their calls, so that every hour has the attempts that its agents could use.

use super::book::{Attempt, Book, Call, Span};
use super::centre::Plan;
use super::dialing::Owed;
use super::dice::Dice;
use super::outcomes::{AFTER_TALK, INBOUND_OUTCOMES, NO_ANSWER, NORMAL_CLEARING, ORIGINATOR_CANCEL, mood, talk_factor};
use super::quality;
use super::world::{Agent, MINUTE, Ms, SECOND, World};

const SATURDAY: usize = 5;

/// Lets a day happen; days must come oldest first.
pub(super) fn happen(world: &World, day: i64, book: &mut Book) {
    let mut dice = Dice::new(world.centre.tenant.id, 1 + day.unsigned_abs());
    // Some days the dialer guesses better than on others.
    let drop_factor = 0.7 + 0.6 * dice.unit();
    let first_call = book.calls.len();
    let owed = world.campaigns.iter().map(|_| Owed { attempts: dice.unit(), drops: dice.unit() }).collect();
    let mut today = Today { world, day, dice, drop_factor, owed, book };
    let weekday = world.calendar.weekday(day);
    for (index, agent) in world.agents.iter().enumerate() {
        if today.dice.chance(agent.crew.presence[weekday]) {
            today.work(index, agent, weekday);
        }
    }
    today.miss_inbound(weekday);
    today.import_dnc(weekday);
    quality::review(world, day, first_call, &mut today.dice, today.book);
}

/// The day while it happens.
pub(super) struct Today<'a> {
    pub(super) world: &'a World,
    pub(super) day: i64,
    pub(super) dice: Dice,
    /// Today's abandonment beside the usual.
    pub(super) drop_factor: f64,
    /// By campaign.
    pub(super) owed: Vec<Owed>,
    pub(super) book: &'a mut Book,
}

impl Today<'_> {
    /// A shift: available, busy, wrap, over and over, with two breaks between calls.
    fn work(&mut self, index: usize, agent: &Agent, weekday: usize) {
        let shift = match agent.crew.saturday {
            Some(saturday) if weekday == SATURDAY => saturday,
            _ => agent.shift,
        };
        let jitter = self.dice.between(-4 * MINUTE..=5 * MINUTE);
        let start = (self.world.calendar.at(self.day, shift.start) + jitter).max(self.book.until[index]);
        let end = start + shift.length * MINUTE;
        let mut breaks = [
            (start + (end - start) * 3 / 10, self.dice.between(5 * MINUTE..=10 * MINUTE)),
            (start + (end - start) * 6 / 10, self.dice.between(14 * MINUTE..=24 * MINUTE)),
        ]
        .into_iter()
        .peekable();

        self.enter(index, "offline", start);
        let mut now = start;
        while now < end {
            if let Some((_, length)) = breaks.next_if(|&(due, _)| due <= now) {
                now += length;
                self.enter(index, "break", now);
                continue;
            }
            let answered = now + self.dice.skewed(agent.crew.wait * SECOND).max(3 * SECOND);
            if answered >= end {
                self.enter(index, "available", end);
                break;
            }
            self.enter(index, "available", answered);
            let (ended, coded) = self.talk(index, agent, start, answered);
            self.enter(index, "busy", ended);
            self.enter(index, "wrap", coded);
            now = coded;
        }
    }

    /// The agent leaves `state` at `to`, having been in it since the last one.
    fn enter(&mut self, agent: usize, state: &'static str, to: Ms) {
        let from = std::mem::replace(&mut self.book.until[agent], to);
        if from < to {
            self.book.spans.push(Span { id: self.dice.id(), agent, state, from, to: Some(to) });
        }
    }

    /// One conversation, and around an outbound one what the dialer tried beside it. Returns when it ends, and when the
    /// agent has written its code, which ends the work after it.
    fn talk(&mut self, index: usize, agent: &Agent, shift_start: Ms, answered: Ms) -> (Ms, Ms) {
        let campaign = self.dice.weighted(agent.crew.campaigns);
        let plan = self.world.campaigns[campaign].plan;
        let inbound = self.dice.chance(agent.crew.inbound);
        let code = if inbound { self.dice.weighted(&INBOUND_OUTCOMES) } else { self.outcome(plan, agent) };
        // Whole seconds, so that the agent's busy time is the call's talk.
        let talk_secs = self.dice.skewed((plan.talk as f64 * talk_factor(code)) as i64).max(8);
        let ended = answered + talk_secs * SECOND;
        let coded = ended + self.dice.skewed(agent.crew.wrap).max(5) * SECOND;

        let call = if inbound {
            let started = answered - self.dice.skewed(28 * SECOND).max(2 * SECOND);
            Call { answered: Some(answered), ..self.inbound(campaign, started, ended) }
        } else {
            let at = answered - self.dice.between(3 * SECOND..=24 * SECOND);
            let lead = self.next_lead(campaign);
            let attempt = self.attempt(campaign, lead, at, answered);
            self.book.attempts.push(Attempt {
                agent: Some(index),
                answered_by: Some("human"),
                code: Some(code),
                coded,
                ..attempt
            });
            self.settle(lead, code, ended);
            self.dial_in_vain(campaign, shift_start, at);
            self.outbound(campaign, lead, (at, Some(answered), ended))
        };
        let cause = self.dice.weighted(&AFTER_TALK);
        let sentiment = self.sentiment(code, agent);
        self.book.calls.push(Call { agent: Some(index), talk_secs, cause, code: Some(code), coded, sentiment, ..call });
        (ended, coded)
    }

    /// Calls to the centre that nobody took: given up while waiting, or made when it was closed.
    fn miss_inbound(&mut self, weekday: usize) {
        const FOR_25_AGENTS: [i64; 7] = [18, 14, 13, 13, 15, 7, 4];
        let calls = FOR_25_AGENTS[weekday] * self.world.agents.len() as i64 / 25;
        for _ in 0..self.dice.between(calls / 2..=calls * 3 / 2) {
            let started = self.world.calendar.at(self.day, 0) + self.dice.between(8 * 60 * MINUTE..=22 * 60 * MINUTE);
            let ended = started + self.dice.skewed(70 * SECOND);
            let campaign = self.dice.weighted(self.world.centre.crews[0].campaigns);
            let cause = self.dice.weighted(&[(75, ORIGINATOR_CANCEL), (25, NO_ANSWER)]);
            let call = self.inbound(campaign, started, ended);
            self.book.calls.push(Call { cause, ..call });
        }
    }

    /// New entries from the public lists; those of the centre's own come from its calls.
    fn import_dnc(&mut self, weekday: usize) {
        let at = self.world.calendar.at(self.day, 6 * 60 + 15);
        let entries = if weekday < SATURDAY { self.dice.between(2..=10) } else { 0 };
        for _ in 0..entries {
            let source = self.dice.weighted(&[(66, "national"), (22, "state"), (12, "litigator")]);
            let phone = self.world.stranger(&mut self.dice);
            self.book.dnc.push((phone, source, at));
        }
    }

    fn outcome(&mut self, plan: &Plan, agent: &Agent) -> &'static str {
        match plan.sale {
            Some((code, rate)) if self.dice.chance(rate * (0.5 + agent.skill)) => code,
            _ => self.dice.weighted(plan.others),
        }
    }

    /// A transcript has a mood, and nearly every recording is transcribed.
    fn sentiment(&mut self, code: &str, agent: &Agent) -> Option<i64> {
        let skill = (agent.skill * 300.0) as i64 - 150;
        let mood = (mood(code) + skill + self.dice.between(-400..=400)).clamp(-1_000, 1_000);
        self.dice.chance(0.93).then_some(mood)
    }

    /// An inbound call that nobody has answered. Half come to a campaign's number, and some from its leads.
    fn inbound(&mut self, campaign: usize, started: Ms, ended: Ms) -> Call {
        let id = self.dice.id();
        let known = self.dice.chance(0.4).then(|| self.next_lead(campaign));
        let phone = match known {
            Some(lead) => self.world.leads[lead].phone.clone(),
            None => self.world.stranger(&mut self.dice),
        };
        Call {
            id,
            campaign: self.dice.chance(0.5).then_some(campaign),
            agent: None,
            lead: known,
            inbound: true,
            phone,
            started,
            answered: None,
            ended,
            talk_secs: 0,
            cause: NORMAL_CLEARING,
            code: None,
            coded: ended,
            sentiment: None,
        }
    }
}
