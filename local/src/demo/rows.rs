//! Writes the tables as the text that `COPY` reads, and only what has happened before now.

use std::collections::HashSet;
use std::fmt::{Display, Write};

use callmetry_metrics::Decimal2;
use chrono::DateTime;

use super::book::Book;
use super::outcomes::DISPOSITIONS;
use super::quality;
use super::world::{Ms, World};

/// The rows of one table; the first column is always the tenant.
pub(super) struct Sheet {
    pub(super) statement: &'static str,
    pub(super) text: String,
    tenant: String,
}

/// All tables but `tenants`, in the order that the foreign keys want.
pub(super) fn write(world: &World, book: &Book, now: Ms) -> Vec<Sheet> {
    vec![
        agents(world, book, now),
        campaigns(world),
        leads(world),
        dispositions(world),
        attempts(world, book, now),
        calls(world, book, now),
        spans(world, book, now),
        dnc(world, book, now),
        checks(world, book, now),
        scorecards(world),
        scorecard_versions(world),
        evaluations(world, book, now),
    ]
}

fn agents(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut live = vec![("offline", 0); world.agents.len()];
    for span in book.spans.iter().filter(|span| span.from < now) {
        live[span.agent] = (span.state, span.from);
    }
    let mut sheet = Sheet::new(world, "copy agents (tenant_id, id, name, team, state, state_since) from stdin");
    for (agent, (state, since)) in world.agents.iter().zip(live) {
        sheet.line().plain(&agent.id).plain(agent.name).maybe(agent.crew.team).plain(state).instant(since).end();
    }
    sheet
}

fn campaigns(world: &World) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy campaigns (tenant_id, id, name, abandonment_cap, calling_hours_start, calling_hours_end, timezone, \
         created_at) from stdin",
    );
    for campaign in &world.campaigns {
        let plan = campaign.plan;
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        sheet
            .line()
            .plain(&campaign.id)
            .plain(plan.name)
            .plain(Decimal2::from_units(plan.cap))
            .maybe(plan.hours.map(|(start, _)| clock(start)))
            .maybe(plan.hours.map(|(_, end)| clock(end)))
            .plain(world.centre.zone)
            .instant(world.calendar.at(plan.age, 5 * 60 + 40))
            .end();
    }
    sheet
}

fn leads(world: &World) -> Sheet {
    let mut sheet =
        Sheet::new(world, "copy leads (tenant_id, id, campaign_id, phone, timezone, created_at) from stdin");
    for lead in &world.leads {
        sheet
            .line()
            .plain(&lead.id)
            .plain(&world.campaigns[lead.campaign].id)
            .plain(&lead.phone)
            .maybe(lead.zone)
            .instant(world.calendar.at(lead.list, 6 * 60 + 30))
            .end();
    }
    sheet
}

fn dispositions(world: &World) -> Sheet {
    let mut sheet = Sheet::new(world, "copy dispositions (tenant_id, code, label, category, is_sale) from stdin");
    for disposition in &DISPOSITIONS {
        sheet
            .line()
            .plain(disposition.code)
            .plain(disposition.label)
            .plain(disposition.category)
            .plain(disposition.is_sale)
            .end();
    }
    sheet
}

fn attempts(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy dial_attempts (tenant_id, id, campaign_id, lead_id, agent_id, attempted_at, answered_by, abandoned, \
         disposition_code) from stdin",
    );
    for attempt in book.attempts.iter().filter(|attempt| attempt.at < now) {
        // One that still rings has no answer, one that still talks has no code.
        let (settled, coded) = (attempt.settled <= now, attempt.coded <= now);
        sheet
            .line()
            .plain(attempt.id)
            .plain(&world.campaigns[attempt.campaign].id)
            .plain(&world.leads[attempt.lead].id)
            .maybe(attempt.agent.filter(|_| settled).map(|agent| &world.agents[agent].id))
            .instant(attempt.at)
            .maybe(attempt.answered_by.filter(|_| settled))
            .plain(attempt.abandoned && coded)
            .maybe(attempt.code.filter(|_| coded))
            .end();
    }
    sheet
}

fn calls(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy cdrs (tenant_id, id, campaign_id, agent_id, lead_id, direction, from_number, to_number, started_at, \
         answered_at, ended_at, talk_secs, hangup_cause, q850_cause, disposition_code, recording_url, sentiment) \
         from stdin",
    );
    let own_numbers: Vec<_> = (0..=world.campaigns.len()).map(|nth| world.own_number(nth)).collect();
    // The record of a call is written when it ends.
    for call in book.calls.iter().filter(|call| call.ended <= now) {
        let own_number = &own_numbers[call.campaign.map_or(0, |campaign| campaign + 1)];
        let (direction, from, to) =
            if call.inbound { ("inbound", &call.phone, own_number) } else { ("outbound", own_number, &call.phone) };
        let recording = call.agent.map(|_| Recording { slug: world.centre.tenant.slug, call: call.id });
        sheet
            .line()
            .plain(call.id)
            .maybe(call.campaign.map(|campaign| &world.campaigns[campaign].id))
            .maybe(call.agent.map(|agent| &world.agents[agent].id))
            .maybe(call.lead.map(|lead| &world.leads[lead].id))
            .plain(direction)
            .plain(from)
            .plain(to)
            .instant(call.started)
            .maybe_instant(call.answered)
            .instant(call.ended)
            .plain(call.talk_secs)
            .plain(call.cause.0)
            .maybe(call.cause.1)
            .maybe(call.code.filter(|_| call.coded <= now))
            .maybe(recording)
            .maybe(call.sentiment.map(Thousandths))
            .end();
    }
    sheet
}

fn spans(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy agent_state_intervals (tenant_id, id, agent_id, state, entered_at, left_at) from stdin",
    );
    for span in book.spans.iter().filter(|span| span.from < now) {
        sheet
            .line()
            .plain(span.id)
            .plain(&world.agents[span.agent].id)
            .plain(span.state)
            .instant(span.from)
            .maybe_instant(span.to.filter(|&to| to < now))
            .end();
    }
    sheet
}

fn dnc(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(world, "copy dnc_entries (tenant_id, phone, source, added_at) from stdin");
    let mut known = HashSet::new();
    for (phone, source, at) in world.old_dnc.iter().chain(&book.dnc).filter(|(_, _, at)| *at < now) {
        if known.insert((phone, source)) {
            sheet.line().plain(phone).plain(source).instant(*at).end();
        }
    }
    sheet
}

fn checks(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy compliance_checks (tenant_id, id, call_id, agent_id, campaign_id, rule, severity, passed, detail, \
         checked_at) from stdin",
    );
    for check in book.checks.iter().filter(|check| check.at < now) {
        sheet
            .line()
            .plain(check.id)
            .plain(check.call)
            .maybe(check.agent.map(|agent| &world.agents[agent].id))
            .maybe(check.campaign.map(|campaign| &world.campaigns[campaign].id))
            .plain(check.rule.name)
            .plain(check.rule.severity)
            .plain(check.passed)
            .maybe((!check.passed).then_some(check.rule.detail))
            .instant(check.at)
            .end();
    }
    sheet
}

fn scorecards(world: &World) -> Sheet {
    let mut sheet =
        Sheet::new(world, "copy qa_scorecards (tenant_id, id, current_version, created_at, updated_at) from stdin");
    for (id, card) in world.scorecards.iter().zip(world.centre.cards) {
        let made = |version: usize| world.calendar.at(card.versions[version].age, 10 * 60);
        sheet.line().plain(id).plain(card.versions.len()).instant(made(0)).instant(made(card.versions.len() - 1)).end();
    }
    sheet
}

fn scorecard_versions(world: &World) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions, created_at) \
         from stdin",
    );
    for (id, card) in world.scorecards.iter().zip(world.centre.cards) {
        for (version, number) in card.versions.iter().zip(1..) {
            sheet
                .line()
                .plain(id)
                .plain(number)
                .plain(version.name)
                .plain(version.pass_score)
                .text(quality::questions_json(version.questions))
                .instant(world.calendar.at(version.age, 10 * 60))
                .end();
        }
    }
    sheet
}

fn evaluations(world: &World, book: &Book, now: Ms) -> Sheet {
    let mut sheet = Sheet::new(
        world,
        "copy qa_evaluations (tenant_id, id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, \
         answers, score, passed, points, comment, created_at, updated_at, submitted_at) from stdin",
    );
    for evaluation in book.evaluations.iter().filter(|evaluation| evaluation.created < now) {
        let submitted = evaluation.submitted.filter(|&submitted| submitted < now);
        sheet
            .line()
            .plain(evaluation.id)
            .plain(evaluation.call)
            .plain(&world.agents[evaluation.agent].id)
            .plain(evaluation.evaluator)
            .plain(&world.scorecards[evaluation.card])
            .plain(evaluation.version + 1)
            .plain(if submitted.is_some() { "submitted" } else { "draft" })
            .text(&evaluation.answers)
            .maybe(evaluation.score.score)
            .maybe(evaluation.score.passed)
            .text(&evaluation.points)
            .maybe(evaluation.comment)
            .instant(evaluation.created)
            .instant(submitted.unwrap_or(evaluation.created))
            .maybe_instant(submitted)
            .end();
    }
    sheet
}

impl Sheet {
    fn new(world: &World, statement: &'static str) -> Self {
        Self { statement, text: String::new(), tenant: world.centre.tenant.id.to_string() }
    }

    fn line(&mut self) -> Line<'_> {
        self.text.push_str(&self.tenant);
        Line(&mut self.text)
    }
}

/// A row of the text format: tabs between the values, `\N` for null.
struct Line<'a>(&'a mut String);

impl Line<'_> {
    /// A value without tabs, line ends and backslashes.
    fn plain(self, value: impl Display) -> Self {
        // A `String` takes everything.
        let _ = write!(self.0, "\t{value}");
        self
    }

    fn maybe(self, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.plain(value),
            None => self.plain("\\N"),
        }
    }

    /// Any value.
    fn text(self, value: impl Display) -> Self {
        let escaped = value.to_string().replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n");
        self.plain(escaped)
    }

    fn instant(self, at: Ms) -> Self {
        // `Debug` is ISO 8601, and much quicker than a format string.
        self.plain(format_args!("{:?}", DateTime::from_timestamp_millis(at).unwrap_or_default()))
    }

    fn maybe_instant(self, at: Option<Ms>) -> Self {
        match at {
            Some(at) => self.instant(at),
            None => self.maybe(None::<&str>),
        }
    }

    fn end(self) {
        self.0.push('\n');
    }
}

/// An address that nobody serves: `.example` is reserved.
struct Recording {
    slug: &'static str,
    call: uuid::Uuid,
}

impl Display for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "https://recordings.example/{}/{}.wav", self.slug, self.call)
    }
}

/// A decimal with three places.
struct Thousandths(i64);

impl Display for Thousandths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:03}", self.0.abs() / 1_000, self.0.abs() % 1_000)
    }
}
