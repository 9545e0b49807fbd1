//! One day of a centre. The agents' shifts come first, call after call; what the dialer tried in vain is laid around
//! their calls, so that every hour has the attempts that its agents could use.

use uuid::Uuid;

use super::centres::Plan;
use super::dice::Dice;
use super::outcomes::{
    AFTER_TALK, Cause, FAILURES, NO_ANSWER, NORMAL_CLEARING, ORIGINATOR_CANCEL, closes_lead, mood, talk_factor,
};
use super::quality::{self, Check, Evaluation};
use super::world::{Agent, MINUTE, Ms, SECOND, World};

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
    closed: Vec<bool>,
    /// By agent: where the last span ends.
    until: Vec<Ms>,
    /// Ids of what closes the book.
    dice: Dice,
}

/// A dial attempt. Agents, campaigns and leads are indexes of the world's.
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

const CLOSING_STREAM: u64 = 1_000;

/// The share of the dialer's own endings that have a call record: it keeps one of every attempt that a person answered,
/// and samples the rest.
const MACHINES_RECORDED: f64 = 0.08;
const FAILURES_RECORDED: f64 = 0.25;
/// How far from an agent's call the dialer tries others for the same agent.
const DIALED_AROUND: i64 = 10 * MINUTE;

/// Lets a day happen; days must come oldest first.
pub(super) fn happen(world: &World, day: i64, book: &mut Book) {
    let mut dice = Dice::new(world.centre.tenant.id, 1 + day.unsigned_abs());
    // Some days the dialer guesses better than on others.
    let drops = 0.7 + 0.6 * dice.unit();
    let first_call = book.calls.len();
    let owed = world.campaigns.iter().map(|_| Owed { attempts: dice.unit(), drops: dice.unit() }).collect();
    let mut today = Today { world, day, dice, drops, owed, book };
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

/// Attempts and drops that are due: whole ones are made, the rest is carried on, so that rates come out as planned.
struct Owed {
    attempts: f64,
    drops: f64,
}

struct Today<'a> {
    world: &'a World,
    day: i64,
    dice: Dice,
    /// Today's abandonment beside the usual.
    drops: f64,
    owed: Vec<Owed>,
    book: &'a mut Book,
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
            let ended = self.talk(index, agent, start, answered);
            self.enter(index, "busy", ended);
            // The code of the call is written at the end of the work after it.
            now = ended + self.dice.skewed(agent.crew.wrap).max(5) * SECOND;
            self.enter(index, "wrap", now);
            self.code_last_call(now);
        }
    }

    /// The agent leaves `state` at `to`, having been in it since the last one.
    fn enter(&mut self, agent: usize, state: &'static str, to: Ms) {
        let from = std::mem::replace(&mut self.book.until[agent], to);
        if from < to {
            self.book.spans.push(Span { id: self.dice.id(), agent, state, from, to: Some(to) });
        }
    }

    /// One conversation, and for an outbound one what the dialer tried beside it. Returns when it ends.
    fn talk(&mut self, index: usize, agent: &Agent, shift_start: Ms, answered: Ms) -> Ms {
        let campaign = self.dice.weighted(agent.crew.campaigns);
        if self.dice.chance(agent.crew.inbound) {
            return self.take_inbound(index, agent, campaign, answered);
        }
        let plan = self.world.campaigns[campaign].plan;
        let code = self.outcome(plan, agent);
        let ended = answered + self.length(plan, code);
        let at = answered - self.dice.between(3 * SECOND..=24 * SECOND);
        let lead = self.next_lead(campaign);
        self.book.attempts.push(Attempt {
            id: self.dice.id(),
            campaign,
            lead,
            agent: Some(index),
            at,
            answered_by: Some("human"),
            abandoned: false,
            settled: answered,
            code: Some(code),
            coded: ended,
        });
        let call = self.outbound(campaign, lead, (at, Some(answered), ended));
        let sentiment = self.sentiment(code, agent);
        let cause = self.dice.weighted(&AFTER_TALK);
        self.book.calls.push(Call {
            agent: Some(index),
            talk_secs: (ended - answered) / SECOND,
            cause,
            code: Some(code),
            sentiment,
            ..call
        });
        self.settle(lead, code, ended);
        self.dial_in_vain(campaign, shift_start, at);
        ended
    }

    /// A call that somebody made to the centre, and an agent took.
    fn take_inbound(&mut self, index: usize, agent: &Agent, campaign: usize, answered: Ms) -> Ms {
        let code = self.dice.weighted(&[(60, "SERV"), (18, "INFO"), (12, "CB"), (6, "SALE"), (4, "XFER_2")]);
        let plan = self.world.campaigns[campaign].plan;
        let ended = answered + self.length(plan, code);
        let started = answered - self.dice.skewed(28 * SECOND).max(2 * SECOND);
        let call = self.inbound(campaign, started, ended);
        let sentiment = self.sentiment(code, agent);
        let cause = self.dice.weighted(&AFTER_TALK);
        self.book.calls.push(Call {
            agent: Some(index),
            answered: Some(answered),
            talk_secs: (ended - answered) / SECOND,
            cause,
            code: Some(code),
            sentiment,
            ..call
        });
        ended
    }

    /// The attempts that end without an agent, around one that reached one.
    fn dial_in_vain(&mut self, campaign: usize, shift_start: Ms, around: Ms) {
        let plan = self.world.campaigns[campaign].plan;
        let with_agent = plan.contact - plan.abandoned;
        let without_agent = 1.0 - with_agent;
        self.owed[campaign].attempts += without_agent / with_agent;
        while self.owed[campaign].attempts >= 1.0 {
            self.owed[campaign].attempts -= 1.0;
            self.owed[campaign].drops += self.drops * plan.abandoned / without_agent;
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
        self.book.attempts.push(Attempt {
            answered_by: Some("machine"),
            code: Some("AM"),
            coded: ended,
            ..attempt
        });
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

    /// Whole seconds, so that the agent's busy time is the call's talk.
    fn length(&mut self, plan: &Plan, code: &str) -> Ms {
        let mean = plan.talk as f64 * talk_factor(code);
        self.dice.skewed(mean as i64).max(8) * SECOND
    }

    /// A transcript has a mood, and nearly every recording is transcribed.
    fn sentiment(&mut self, code: &str, agent: &Agent) -> Option<i64> {
        let skill = (agent.skill * 300.0) as i64 - 150;
        let mood = (mood(code) + skill + self.dice.between(-400..=400)).clamp(-1_000, 1_000);
        self.dice.chance(0.93).then_some(mood)
    }

    /// A lead of the campaign that may still be called.
    fn next_lead(&mut self, campaign: usize) -> usize {
        let leads = self.world.dialable(campaign, self.day).len();
        let first = (self.dice.unit() * leads as f64) as usize;
        // The next one, not another throw: what is closed already must not shift the dice.
        let open = (first..leads).chain(0..first).map(|nth| self.world.lead_index(campaign, nth));
        let closed = &self.book.closed;
        open.into_iter().find(|&lead| !closed[lead]).unwrap_or(self.world.lead_index(campaign, first))
    }

    fn settle(&mut self, lead: usize, code: &str, at: Ms) {
        self.book.closed[lead] |= closes_lead(code);
        if code == "DNC" {
            self.book.dnc.push((self.world.leads[lead].phone.clone(), "internal", at));
        }
    }

    fn code_last_call(&mut self, at: Ms) {
        // An agent's own call is the last that has an agent: what was dialed in vain has none.
        if let Some(call) = self.book.calls.iter_mut().rev().find(|call| call.agent.is_some()) {
            call.coded = at;
            if !call.inbound
                && let Some(attempt) = self.book.attempts.iter_mut().rev().find(|attempt| attempt.agent.is_some())
            {
                attempt.coded = at;
            }
        }
    }

    /// An attempt that nobody has answered and no agent has.
    fn attempt(&mut self, campaign: usize, lead: usize, at: Ms, settled: Ms) -> Attempt {
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
    fn outbound(&mut self, campaign: usize, lead: usize, (started, answered, ended): (Ms, Option<Ms>, Ms)) -> Call {
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

const SATURDAY: usize = 5;
