//! The data of the on-demand reports: a small centre by hand, and random ones against a plain loop over the rows.

use std::collections::{BTreeMap, HashSet};

use callmetry_access::TenantScope;
use callmetry_database::{Database, Params, Sql};
use callmetry_metrics::agents::StateMicros;
use callmetry_metrics::call_volume::CallCounts;
use callmetry_metrics::ondemand::agent_coaching::{self, AgentCoaching, LOWEST};
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::{self, CampaignPerformance, SentimentCounts};
use callmetry_metrics::ondemand::compliance_audit::{AuditSummary, RuleCounts, Violation};
use callmetry_metrics::ondemand::qa_performance::{QaCounts, QaPerformance};
use callmetry_metrics::ondemand::{CodeCounts, Named, ParameterCounts, QualityCounts};
use callmetry_metrics::{Decimal2, Window};
use callmetry_render::{AuditJson, Tabular, csv};
use callmetry_reports::ondemand::compliance_audit::Audit;
use callmetry_reports::ondemand::{
    Filter, agent_coaching as coaching, call_summary as calls, campaign_performance as performance,
    qa_performance as quality,
};
use callmetry_testing::{Campaign, Centre, TestDatabase, run};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use futures::TryStreamExt;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

const ALL: Filter = Filter { campaign_id: None, agent_id: None };

#[derive(Clone, Debug, Default)]
struct CallRow {
    id: Uuid,
    campaign: Option<Uuid>,
    agent: Option<Uuid>,
    at: DateTime<Utc>,
    answered: bool,
    talk_secs: i32,
    code: Option<&'static str>,
    /// In thousandths.
    sentiment: Option<i64>,
}

#[derive(Clone, Debug)]
struct AttemptRow {
    campaign: Uuid,
    lead: Uuid,
    agent: Option<Uuid>,
    at: DateTime<Utc>,
    answered_by: Option<&'static str>,
    code: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct EvaluationRow {
    call: Uuid,
    agent: Uuid,
    campaign: Option<Uuid>,
    submitted: Option<DateTime<Utc>>,
    card: usize,
    version: usize,
    /// In hundredths, and whether it passes.
    score: Option<(i64, bool)>,
    /// Of each question of the version, in hundredths.
    points: Vec<Option<i64>>,
}

#[derive(Clone, Debug)]
struct CheckRow {
    id: Uuid,
    call: Uuid,
    agent: Option<Uuid>,
    campaign: Option<Uuid>,
    rule: String,
    severity: &'static str,
    passed: bool,
    detail: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
struct IntervalRow {
    agent: Uuid,
    state: &'static str,
    entered: DateTime<Utc>,
    left: DateTime<Utc>,
}

/// A question: its id, its text and its weight in hundredths.
type Question = (&'static str, &'static str, i64);

/// The pass score in hundredths, and the questions.
type Version = (i64, Vec<Question>);

struct Card {
    id: Uuid,
    versions: Vec<Version>,
}

/// A tenant, what was written for it, and what a plain loop counts of that.
struct World<'a> {
    client: &'a Client,
    centre: Centre<'a>,
    campaigns: Vec<(Uuid, String)>,
    agents: Vec<(Uuid, String)>,
    leads: Vec<Uuid>,
    cards: Vec<Card>,
    calls: Vec<CallRow>,
    attempts: Vec<AttemptRow>,
    evaluations: Vec<EvaluationRow>,
    checks: Vec<CheckRow>,
    intervals: Vec<IntervalRow>,
}

fn decimal(units: i64) -> String {
    Decimal2::from_units(units).to_string()
}

fn monday(at: DateTime<Utc>) -> NaiveDate {
    let date = at.date_naive();
    date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()))
}

impl<'a> World<'a> {
    async fn new(client: &'a Client) -> Self {
        let centre = Centre::new(client).await;
        centre.disposition("SALE", true).await;
        centre.disposition("NI", false).await;
        Self {
            client,
            centre,
            campaigns: vec![],
            agents: vec![],
            leads: vec![],
            cards: vec![],
            calls: vec![],
            attempts: vec![],
            evaluations: vec![],
            checks: vec![],
            intervals: vec![],
        }
    }

    fn scope(&self) -> TenantScope {
        TenantScope::proven(self.centre.tenant)
    }

    async fn campaign(&mut self, name: &str) -> Uuid {
        let id = self.centre.campaign(Campaign { name, ..Default::default() }).await;
        self.campaigns.push((id, name.into()));
        id
    }

    async fn agent(&mut self, name: &str) -> Uuid {
        let id = self.centre.agent(name, None).await;
        self.agents.push((id, name.into()));
        id
    }

    async fn lead(&mut self) -> Uuid {
        let id = self.centre.lead(None).await;
        self.leads.push(id);
        id
    }

    async fn call(&mut self, row: CallRow) -> Uuid {
        let row = CallRow { id: Uuid::new_v4(), ..row };
        let sentiment = row.sentiment.map(|sentiment| format!("{sentiment}e-3"));
        self.client
            .execute(
                "insert into cdrs (id, tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at,
                     answered_at, ended_at, talk_secs, hangup_cause, disposition_code, sentiment)
                 values ($1, $2, $3, $4, 'outbound', '+1', '+2', $5, $6, $5, $7, 'X', $8, ($9::text)::numeric)",
                &[
                    &row.id,
                    &self.centre.tenant,
                    &row.campaign,
                    &row.agent,
                    &row.at,
                    &row.answered.then_some(row.at),
                    &row.talk_secs,
                    &row.code,
                    &sentiment,
                ],
            )
            .await
            .unwrap();
        self.calls.push(row.clone());
        row.id
    }

    async fn attempt(&mut self, row: AttemptRow) {
        self.client
            .execute(
                "insert into dial_attempts (tenant_id, campaign_id, lead_id, agent_id, attempted_at, answered_by,
                     disposition_code)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                &[&self.centre.tenant, &row.campaign, &row.lead, &row.agent, &row.at, &row.answered_by, &row.code],
            )
            .await
            .unwrap();
        self.attempts.push(row);
    }

    async fn card(&mut self, versions: Vec<Version>) -> usize {
        let id = Uuid::new_v4();
        self.client
            .execute("insert into qa_scorecards (id, tenant_id) values ($1, $2)", &[&id, &self.centre.tenant])
            .await
            .unwrap();
        for (version, (pass_score, _)) in (1_i32..).zip(&versions) {
            self.client
                .execute(
                    "insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions)
                     values ($1, $2, $3, 'Card', ($4::text)::numeric, '[]')",
                    &[&self.centre.tenant, &id, &version, &decimal(*pass_score)],
                )
                .await
                .unwrap();
        }
        self.cards.push(Card { id, versions });
        self.cards.len() - 1
    }

    async fn evaluation(&mut self, row: EvaluationRow) {
        let card = &self.cards[row.card];
        let points: Vec<Value> = card.versions[row.version]
            .1
            .iter()
            .zip(&row.points)
            .map(|((id, text, weight), points)| {
                let points = points.map(Decimal2::from_units);
                json!({"question_id": id, "text": text, "points": points, "weight": Decimal2::from_units(*weight)})
            })
            .collect();
        let (score, passed) = row.score.unzip();
        self.client
            .execute(
                "insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version,
                     status, answers, score, passed, points, submitted_at)
                 values ($1, $2, $3, $4, $5, $6, $7, '{}', ($8::text)::numeric, $9, ($10::text)::jsonb, $11)",
                &[
                    &self.centre.tenant,
                    &row.call,
                    &row.agent,
                    &Uuid::new_v4().to_string(),
                    &card.id,
                    &(row.version as i32 + 1),
                    &(if row.submitted.is_some() { "submitted" } else { "draft" }),
                    &score.map(decimal),
                    &passed,
                    &json!(points).to_string(),
                    &row.submitted,
                ],
            )
            .await
            .unwrap();
        self.evaluations.push(row);
    }

    async fn check(&mut self, row: CheckRow) {
        self.client
            .execute(
                "insert into compliance_checks (id, tenant_id, call_id, agent_id, campaign_id, rule, severity, passed,
                     detail, checked_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                &[
                    &row.id,
                    &self.centre.tenant,
                    &row.call,
                    &row.agent,
                    &row.campaign,
                    &row.rule,
                    &row.severity,
                    &row.passed,
                    &row.detail,
                    &row.at,
                ],
            )
            .await
            .unwrap();
        self.checks.push(row);
    }

    async fn interval(&mut self, row: IntervalRow) {
        self.centre.interval(row.agent, row.state, row.entered, Some(row.left)).await;
        self.intervals.push(row);
    }
}

fn inside(window: Window, at: DateTime<Utc>) -> bool {
    at >= window.from() && at < window.to()
}

fn fits(filter: Filter, campaign: Option<Uuid>, agent: Option<Uuid>) -> bool {
    (filter.campaign_id.is_none() || filter.campaign_id == campaign)
        && (filter.agent_id.is_none() || filter.agent_id == agent)
}

/// Largest count first, then by code.
fn codes(found: impl Iterator<Item = &'static str>) -> Vec<CodeCounts> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    found.for_each(|code| *counts.entry(code).or_default() += 1);
    let mut codes: Vec<CodeCounts> = counts
        .into_iter()
        .map(|(code, count)| {
            let label = if ["SALE", "NI"].contains(&code) { format!("Label {code}") } else { code.to_owned() };
            CodeCounts { code: code.into(), label, count }
        })
        .collect();
    codes.sort_by_key(|code| -code.count);
    codes
}

fn call_counts(calls: &[&CallRow]) -> CallCounts {
    let talk = |calls: &mut dyn Iterator<Item = &&CallRow>| calls.map(|call| i64::from(call.talk_secs)).sum();
    CallCounts {
        calls: calls.len() as i64,
        answered: calls.iter().filter(|call| call.answered).count() as i64,
        talk_secs: talk(&mut calls.iter()),
        answered_talk_secs: talk(&mut calls.iter().filter(|call| call.answered)),
    }
}

fn quality_counts(evaluations: &[&EvaluationRow]) -> QualityCounts {
    let scores: Vec<(i64, bool)> = evaluations.iter().filter_map(|evaluation| evaluation.score).collect();
    QualityCounts {
        evaluations: evaluations.len() as i64,
        scored: scores.len() as i64,
        passed: scores.iter().filter(|(_, passed)| *passed).count() as i64,
        score_hundredths: scores.iter().map(|(score, _)| score).sum(),
    }
}

impl World<'_> {
    fn calls_of(&self, window: Window, filter: Filter) -> Vec<&CallRow> {
        self.calls.iter().filter(|row| inside(window, row.at) && fits(filter, row.campaign, row.agent)).collect()
    }

    fn evaluations_of(&self, window: Window, filter: Filter) -> Vec<&EvaluationRow> {
        self.evaluations
            .iter()
            .filter(|row| row.submitted.is_some_and(|at| inside(window, at)))
            .filter(|row| fits(filter, row.campaign, Some(row.agent)))
            .collect()
    }

    /// By name, then by id; None at the end.
    fn sorted(named: &[(Uuid, String)]) -> Vec<Named> {
        let mut sorted: Vec<&(Uuid, String)> = named.iter().collect();
        sorted.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        let mut sorted: Vec<Named> =
            sorted.into_iter().map(|(id, name)| Named { id: Some(*id), name: Some(name.clone()) }).collect();
        sorted.push(Named::default());
        sorted
    }

    fn call_summary(&self, window: Window, filter: Filter) -> CallSummary {
        let calls = self.calls_of(window, filter);
        let last = (window.to() - TimeDelta::microseconds(1)).date_naive();
        let dates = window.from().date_naive().iter_days().take_while(|date| *date <= last).map(|date| {
            let of_it: Vec<&CallRow> = calls.iter().filter(|call| call.at.date_naive() == date).copied().collect();
            (date, call_counts(&of_it))
        });
        let campaigns = Self::sorted(&self.campaigns).into_iter().map(|campaign| {
            let of_it: Vec<&CallRow> = calls.iter().filter(|call| call.campaign == campaign.id).copied().collect();
            (campaign, call_counts(&of_it))
        });
        CallSummary::new(
            dates.collect(),
            campaigns.filter(|(_, counts)| counts.calls > 0).collect(),
            codes(calls.iter().filter_map(|call| call.code)),
        )
    }

    /// By card and question, in no order that matters, with what tells two of the same text apart.
    fn parameters(&self, evaluations: &[&EvaluationRow], named_by: &[&EvaluationRow]) -> Vec<(ParameterCounts, Uuid)> {
        let mut parameters = Vec::new();
        for (index, card) in self.cards.iter().enumerate() {
            let ids: HashSet<&str> =
                card.versions.iter().flat_map(|(_, questions)| questions.iter().map(|question| question.0)).collect();
            for id in ids {
                let find = |row: &EvaluationRow| {
                    if row.card != index {
                        return None;
                    }
                    let (pass_score, questions) = &card.versions[row.version];
                    let at = questions.iter().position(|question| question.0 == id)?;
                    Some((row.version, *pass_score, questions[at], row.points[at]))
                };
                let asked: Vec<_> = evaluations.iter().filter_map(|row| find(row)).collect();
                let Some(newest) = named_by.iter().filter_map(|row| find(row)).max_by_key(|asked| asked.0) else {
                    continue;
                };
                if asked.is_empty() {
                    continue;
                }
                let answered: Vec<(i64, i64, i64)> = asked
                    .iter()
                    .filter_map(|(_, pass_score, question, points)| Some(((*points)?, question.2, *pass_score)))
                    .collect();
                parameters.push((
                    ParameterCounts {
                        parameter: newest.2.1.into(),
                        answered: answered.len() as i64,
                        passed: answered
                            .iter()
                            .filter(|(points, weight, pass)| points * 10_000 >= pass * weight)
                            .count() as i64,
                        points_hundredths: answered.iter().map(|(points, _, _)| points).sum(),
                        weight_hundredths: answered.iter().map(|(_, weight, _)| weight).sum(),
                        newest_weight_hundredths: newest.2.2,
                    },
                    card.id,
                ));
            }
        }
        parameters
    }

    fn qa_performance(&self, window: Window, filter: Filter) -> QaPerformance {
        let all = self.evaluations_of(window, filter);
        let part = |is_of: &dyn Fn(&EvaluationRow) -> bool| {
            quality_counts(&all.iter().filter(|row| is_of(row)).copied().collect::<Vec<_>>())
        };
        let mut parameters = self.parameters(&all, &all);
        parameters.sort_by(|a, b| (&a.0.parameter, a.1).cmp(&(&b.0.parameter, b.1)));
        let mut weeks: Vec<NaiveDate> = all.iter().filter_map(|row| row.submitted).map(monday).collect();
        weeks.sort();
        weeks.dedup();
        let found =
            |parts: Vec<(Named, QualityCounts)>| parts.into_iter().filter(|part| part.1.evaluations > 0).collect();
        QaPerformance::from(QaCounts {
            parameters: parameters.into_iter().map(|(counts, _)| counts).collect(),
            weeks: weeks.into_iter().map(|week| (week, part(&|row| row.submitted.map(monday) == Some(week)))).collect(),
            agents: found(
                Self::sorted(&self.agents)
                    .into_iter()
                    .map(|agent| (agent.clone(), part(&|row| Some(row.agent) == agent.id)))
                    .collect(),
            ),
            campaigns: found(
                Self::sorted(&self.campaigns)
                    .into_iter()
                    .map(|campaign| (campaign.clone(), part(&|row| row.campaign == campaign.id)))
                    .collect(),
            ),
        })
    }

    fn agent_coaching(&self, window: Window, filter: Filter) -> AgentCoaching {
        let named_by = self.evaluations_of(window, filter);
        let mut agents = Vec::new();
        for (id, name) in self.agents.iter().filter(|agent| filter.agent_id.is_none_or(|id| id == agent.0)) {
            let of_it = Filter { agent_id: Some(*id), ..filter };
            let (calls, evaluations) = (self.calls_of(window, of_it), self.evaluations_of(window, of_it));
            if filter.campaign_id.is_some() && calls.is_empty() && evaluations.is_empty() {
                continue;
            }
            let mut lowest = self.parameters(&evaluations, &named_by);
            lowest.retain(|(counts, _)| counts.answered > 0);
            lowest.sort_by(|(a, a_id), (b, b_id)| {
                b.points_lost()
                    .cmp(&a.points_lost())
                    .then(a.pass_rate().cmp(&b.pass_rate()))
                    .then_with(|| (&a.parameter, a_id).cmp(&(&b.parameter, b_id)))
            });
            let micros = |state: &str| -> i64 {
                let ended = self.intervals.iter().filter(|row| row.agent == *id && row.state == state);
                let ended = ended.filter(|row| inside(window, row.left));
                ended.map(|row| (row.left - row.entered).num_microseconds().unwrap()).sum()
            };
            agents.push(agent_coaching::AgentCounts {
                agent_id: *id,
                agent: name.clone(),
                calls: calls.len() as i64,
                talk_secs: calls.iter().map(|call| i64::from(call.talk_secs)).sum(),
                states: StateMicros {
                    available: micros("available"),
                    busy: micros("busy"),
                    wrap: micros("wrap"),
                    ..Default::default()
                },
                quality: quality_counts(&evaluations),
                lowest: lowest.into_iter().map(|(counts, _)| counts).take(LOWEST).collect(),
            });
        }
        AgentCoaching::new(agents)
    }

    fn campaign_performance(&self, window: Window, filter: Filter) -> CampaignPerformance {
        let mut campaigns = Vec::new();
        for Named { id, name } in Self::sorted(&self.campaigns) {
            let Some(id) = id.filter(|id| filter.campaign_id.is_none_or(|only| only == *id)) else { continue };
            let of_it = Filter { campaign_id: Some(id), ..filter };
            let attempts: Vec<&AttemptRow> = self
                .attempts
                .iter()
                .filter(|row| inside(window, row.at) && fits(of_it, Some(row.campaign), row.agent))
                .collect();
            let mut weeks: BTreeMap<NaiveDate, SentimentCounts> = BTreeMap::new();
            for call in self.calls_of(window, of_it) {
                let Some(sentiment) = call.sentiment else { continue };
                let week = weeks.entry(monday(call.at)).or_default();
                week.calls += 1;
                week.positive += i64::from(sentiment > 0);
                week.negative += i64::from(sentiment < 0);
                week.thousandths += sentiment;
            }
            if filter.agent_id.is_some() && attempts.is_empty() && weeks.is_empty() {
                continue;
            }
            let count = |is: &dyn Fn(&AttemptRow) -> bool| attempts.iter().filter(|row| is(row)).count() as i64;
            campaigns.push(campaign_performance::CampaignCounts {
                campaign_id: id,
                campaign: name.unwrap(),
                attempts: attempts.len() as i64,
                leads_dialed: attempts.iter().map(|row| row.lead).collect::<HashSet<_>>().len() as i64,
                human: count(&|row| row.answered_by == Some("human")),
                sales: count(&|row| row.code == Some("SALE")),
                codes: codes(attempts.iter().filter_map(|row| row.code)),
                weeks: weeks.into_iter().collect(),
            });
        }
        CampaignPerformance::new(campaigns)
    }

    fn compliance_audit(&self, window: Window, filter: Filter) -> (AuditSummary, Vec<Violation>) {
        let checks = self.checks.iter().filter(|row| inside(window, row.at) && fits(filter, row.campaign, row.agent));
        let name = |named: &[(Uuid, String)], id: Option<Uuid>| {
            named.iter().find(|named| Some(named.0) == id).map(|named| named.1.clone())
        };
        let mut rules: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
        let mut violations = Vec::new();
        for check in checks {
            let counts = rules.entry((&check.rule, check.severity)).or_default();
            counts.0 += 1;
            counts.1 += i64::from(!check.passed);
            if !check.passed {
                violations.push(Violation {
                    check_id: check.id,
                    call_id: check.call,
                    agent: name(&self.agents, check.agent),
                    campaign: name(&self.campaigns, check.campaign),
                    rule: check.rule.clone(),
                    severity: check.severity.into(),
                    detail: check.detail.clone(),
                    checked_at: check.at,
                });
            }
        }
        violations.sort_by_key(|violation| (violation.checked_at, violation.check_id));
        let rules = rules.into_iter().map(|((rule, severity), (checks, violations))| RuleCounts {
            rule: rule.into(),
            severity: severity.into(),
            checks,
            violations,
        });
        (AuditSummary::new(rules.collect()), violations)
    }

    /// All five reports are what the loops make of the rows.
    async fn agrees(&self, database: &Database, window: Window, filter: Filter, place: &str) {
        let scope = self.scope();
        let summary = calls::read(database, scope, window, filter).await.unwrap();
        assert_eq!(summary, self.call_summary(window, filter), "{place}");
        let found = quality::read(database, scope, window, filter).await.unwrap();
        assert_eq!(found, self.qa_performance(window, filter), "{place}");
        let found = coaching::read(database, scope, window, filter).await.unwrap();
        assert_eq!(found, self.agent_coaching(window, filter), "{place}");
        let found = performance::read(database, scope, window, filter).await.unwrap();
        assert_eq!(found, self.campaign_performance(window, filter), "{place}");
        let audit = audit(database, scope, window, filter).await;
        assert_eq!(audit, self.compliance_audit(window, filter), "{place}");
        assert_eq!(audit.0.totals.violations(), audit.1.len() as i64, "{place}");

        // What the five reports of the routes say too is the same.
        let volume = callmetry_reports::call_volume::read(database, scope, window, filter.campaign_id, chrono_tz::UTC)
            .await
            .unwrap();
        if filter.agent_id.is_none() {
            assert_eq!(
                (summary.totals.total_calls, summary.totals.connected_calls),
                (volume.totals.total_calls, volume.totals.answered)
            );
            let (dates, days) = (summary.by_date.iter(), volume.daily.iter());
            assert!(dates.map(|row| (row.date, row.total_calls)).eq(days.map(|row| (row.date, row.total_calls))));
            let found = performance::read(database, scope, window, filter).await.unwrap().campaigns;
            let funnel = callmetry_reports::campaigns::read(database, scope, window, filter.campaign_id).await.unwrap();
            assert!(
                found.iter().map(|row| (row.campaign_id, row.attempts, row.leads_dialed, row.human, row.sales)).eq(
                    funnel.rows.iter().map(|row| {
                        let counts = row.counts;
                        (row.campaign_id, counts.attempts, counts.leads_dialed, counts.human, counts.sales)
                    })
                ),
                "{place}"
            );
        }
        if filter == ALL {
            let found = coaching::read(database, scope, window, filter).await.unwrap().agents;
            let agents = callmetry_reports::agents::read(database, scope, window, None).await.unwrap();
            assert_eq!(found.len(), agents.rows.len());
            for row in agents.rows {
                let found = found.iter().find(|found| found.agent_id == row.agent_id).unwrap();
                assert_eq!((found.calls, found.talk_secs), (row.calls, row.talk_secs));
                assert_eq!((found.calls_evaluated, found.overall_score), (row.quality.evaluations, row.quality.mean()));
            }
        }
    }
}

async fn audit(
    database: &Database,
    scope: TenantScope,
    window: Window,
    filter: Filter,
) -> (AuditSummary, Vec<Violation>) {
    let audit = Audit::begin(database, scope, window, filter).await.unwrap();
    let summary = audit.summary.clone();
    let pages: Vec<Vec<Violation>> = audit.pages().try_collect().await.unwrap();
    (summary, pages.into_iter().flatten().collect())
}

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-03-{text}Z").parse().unwrap()
}

/// The first three days of March 2026: a Sunday, a Monday and a Tuesday.
fn march() -> Window {
    Window::new(at("01T00:00:00"), at("04T00:00:00")).unwrap()
}

async fn small_centre(client: &Client) -> World<'_> {
    let mut world = World::new(client).await;
    let (beta, alpha) = (world.campaign("beta").await, world.campaign("Alpha").await);
    world.campaign("Empty").await;
    let (bob, ana) = (world.agent("Bob").await, world.agent("Ana").await);
    world.agent("Zed").await;

    let answered = CallRow { campaign: Some(alpha), agent: Some(ana), answered: true, ..Default::default() };
    let sale = CallRow { code: Some("SALE"), ..answered.clone() };
    let first =
        world.call(CallRow { at: at("01T00:00:00"), talk_secs: 61, sentiment: Some(500), ..sale.clone() }).await;
    let of_bob = CallRow { agent: Some(bob), code: Some("NI"), sentiment: Some(-250), ..answered.clone() };
    let second = world.call(CallRow { at: at("02T09:00:00"), talk_secs: 40, ..of_bob }).await;
    let third = CallRow { campaign: Some(beta), answered: false, code: Some("INVENTED"), ..answered.clone() };
    let third = world.call(CallRow { at: at("02T10:00:00"), ..third }).await;
    world.call(CallRow { at: at("03T23:59:59.999999"), ..Default::default() }).await;
    let outside =
        world.call(CallRow { at: at("04T00:00:00"), talk_secs: 9, sentiment: Some(900), ..sale.clone() }).await;
    let sixth = world.call(CallRow { at: at("02T11:00:00"), talk_secs: 20, sentiment: Some(0), ..sale }).await;

    let one = world
        .card(vec![
            (8_000, vec![("q1", "Greeting", 1_000), ("q2", "Pitch", 2_000)]),
            (5_000, vec![("q1", "Greeting, revised", 2_000)]),
        ])
        .await;
    let two = world.card(vec![(8_000, vec![("q1", "Greeting", 1_000)])]).await;
    let evaluation = EvaluationRow {
        call: first,
        agent: ana,
        campaign: Some(alpha),
        submitted: Some(at("01T10:00:00")),
        card: one,
        version: 0,
        score: Some((9_333, true)),
        points: vec![Some(800), Some(2_000)],
    };
    world.evaluation(evaluation.clone()).await;
    let low = Some((3_333, false));
    let points = vec![Some(1_000), Some(0)];
    let of_bob = EvaluationRow { call: second, agent: bob, score: low, points, ..evaluation.clone() };
    world.evaluation(EvaluationRow { submitted: Some(at("02T10:00:00")), ..of_bob.clone() }).await;
    let revised = EvaluationRow { call: third, campaign: Some(beta), version: 1, ..evaluation.clone() };
    let revised = EvaluationRow { score: Some((5_000, true)), points: vec![Some(1_000)], ..revised };
    world.evaluation(EvaluationRow { submitted: Some(at("03T10:00:00")), ..revised }).await;
    let all_na = EvaluationRow { call: sixth, card: two, score: None, points: vec![None], ..evaluation.clone() };
    world.evaluation(EvaluationRow { submitted: Some(at("03T11:00:00")), ..all_na }).await;
    // A draft, and one at the window's end.
    world.evaluation(EvaluationRow { submitted: None, ..of_bob.clone() }).await;
    world.evaluation(EvaluationRow { call: outside, submitted: Some(at("04T00:00:00")), ..of_bob }).await;

    for (state, minutes) in [("busy", 90), ("wrap", 15), ("available", 45), ("break", 60)] {
        let entered = at("02T08:00:00");
        world.interval(IntervalRow { agent: bob, state, entered, left: entered + TimeDelta::minutes(minutes) }).await;
    }
    let (lead, other) = (world.lead().await, world.lead().await);
    let attempt = AttemptRow {
        campaign: alpha,
        lead,
        agent: Some(ana),
        at: at("01T00:00:00"),
        answered_by: Some("human"),
        code: Some("SALE"),
    };
    world.attempt(attempt.clone()).await;
    world.attempt(AttemptRow { answered_by: Some("machine"), code: Some("NI"), ..attempt.clone() }).await;
    world.attempt(AttemptRow { lead: other, code: None, agent: None, ..attempt.clone() }).await;
    world.attempt(AttemptRow { lead: other, code: Some("INVENTED"), agent: None, ..attempt.clone() }).await;
    world.attempt(AttemptRow { campaign: beta, at: at("04T00:00:00"), ..attempt }).await;

    let check = CheckRow {
        id: Uuid::from_u128(1),
        call: first,
        agent: Some(ana),
        campaign: Some(alpha),
        rule: "DISCLOSURE".into(),
        severity: "high",
        passed: true,
        detail: None,
        at: at("01T00:00:00"),
    };
    let id = Uuid::new_v4;
    world.check(CheckRow { id: id(), ..check.clone() }).await;
    world.check(CheckRow { id: id(), agent: Some(bob), ..check.clone() }).await;
    let late =
        CheckRow { passed: false, detail: Some("=late \"\\\"".into()), at: at("02T10:00:00.5"), ..check.clone() };
    world.check(CheckRow { id: id(), ..late.clone() }).await;
    let consent = CheckRow { rule: "consent".into(), severity: "critical", detail: None, ..late.clone() };
    world.check(CheckRow { id: id(), agent: None, campaign: None, at: at("01T00:00:00"), ..consent }).await;
    world.check(CheckRow { id: id(), at: at("04T00:00:00"), ..late }).await;
    world
}

#[test]
fn every_field_of_a_small_centre() {
    run(async {
        let test = TestDatabase::new().await;
        let (database, world) = (&test.database, small_centre(&test.client).await);
        // Somebody else's rows change nothing.
        small_centre(&test.client).await;
        let (scope, window) = (world.scope(), march());
        let id = |named: &[(Uuid, String)], name: &str| named.iter().find(|named| named.1 == name).unwrap().0;
        let [alpha, beta, empty] = ["Alpha", "beta", "Empty"].map(|name| id(&world.campaigns, name));
        let [ana, bob, zed] = ["Ana", "Bob", "Zed"].map(|name| id(&world.agents, name));

        let report = calls::read(database, scope, window, ALL).await.unwrap();
        let counts = |total: i64, connected: i64, average: Value| json!({"total_calls": total, "connected_calls": connected, "average_duration_secs": average});
        let with = |mut fields: Value, more: Value| {
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            fields
        };
        assert_eq!(
            json!(report),
            json!({
                "total_calls": 5, "connected_calls": 3, "connect_rate": 0.6, "average_duration_secs": 40.33,
                "by_date": [
                    with(json!({"date": "2026-03-01"}), counts(1, 1, json!(61))),
                    with(json!({"date": "2026-03-02"}), counts(3, 2, json!(30))),
                    with(json!({"date": "2026-03-03"}), counts(1, 0, json!(null))),
                ],
                "by_campaign": [
                    with(json!({"campaign_id": alpha, "campaign": "Alpha"}), counts(3, 3, json!(40.33))),
                    with(json!({"campaign_id": beta, "campaign": "beta"}), counts(1, 0, json!(null))),
                    with(json!({"campaign_id": null, "campaign": null}), counts(1, 0, json!(null))),
                ],
                "dispositions": [
                    {"code": "SALE", "label": "Label SALE", "count": 2, "share": 0.5},
                    {"code": "INVENTED", "label": "INVENTED", "count": 1, "share": 0.25},
                    {"code": "NI", "label": "Label NI", "count": 1, "share": 0.25},
                ],
            })
        );

        let report = quality::read(database, scope, window, ALL).await.unwrap();
        assert_eq!(
            json!(report),
            json!({
                "calls_evaluated": 4, "overall_score": 58.89, "pass_rate": 0.6667,
                "parameter_breakdown": [
                    {"parameter": "Greeting", "avg_score": null, "max_score": 10, "pass_rate": 0},
                    {"parameter": "Greeting, revised", "avg_score": 9.33, "max_score": 13.33, "pass_rate": 1},
                    {"parameter": "Pitch", "avg_score": 10, "max_score": 20, "pass_rate": 0.5},
                ],
                "trend": [
                    {"week": "2026-W09", "overall_score": 93.33, "calls_evaluated": 1},
                    {"week": "2026-W10", "overall_score": 41.67, "calls_evaluated": 3},
                ],
                "by_agent": [
                    {"agent_id": ana, "agent": "Ana", "calls_evaluated": 3, "overall_score": 71.67, "pass_rate": 1},
                    {"agent_id": bob, "agent": "Bob", "calls_evaluated": 1, "overall_score": 33.33, "pass_rate": 0},
                ],
                "by_campaign": [
                    {"campaign_id": alpha, "campaign": "Alpha", "calls_evaluated": 3, "overall_score": 63.33,
                     "pass_rate": 0.5},
                    {"campaign_id": beta, "campaign": "beta", "calls_evaluated": 1, "overall_score": 50, "pass_rate": 1},
                ],
            })
        );

        let report = coaching::read(database, scope, window, ALL).await.unwrap();
        assert_eq!(
            json!(report),
            json!({"agents": [
                {
                    "agent_id": bob, "agent": "Bob", "calls": 1, "talk_secs": 40, "occupancy": 0.7, "calls_evaluated": 1,
                    "overall_score": 33.33, "pass_rate": 0,
                    "lowest_parameters": [
                        {"parameter": "Pitch", "avg_score": 0, "max_score": 20, "pass_rate": 0, "points_lost": 20},
                        {"parameter": "Greeting, revised", "avg_score": 10, "max_score": 10, "pass_rate": 1,
                         "points_lost": 0},
                    ],
                    "focus_areas": ["Pitch: 20 of 20 points lost per call, 0 % of calls pass"],
                },
                {
                    "agent_id": ana, "agent": "Ana", "calls": 3, "talk_secs": 81, "occupancy": 0, "calls_evaluated": 3,
                    "overall_score": 71.67, "pass_rate": 1,
                    "lowest_parameters": [
                        {"parameter": "Greeting, revised", "avg_score": 9, "max_score": 15, "pass_rate": 1,
                         "points_lost": 6},
                        {"parameter": "Pitch", "avg_score": 20, "max_score": 20, "pass_rate": 1, "points_lost": 0},
                    ],
                    "focus_areas": [],
                },
                {
                    "agent_id": zed, "agent": "Zed", "calls": 0, "talk_secs": 0, "occupancy": 0, "calls_evaluated": 0,
                    "overall_score": null, "pass_rate": 0, "lowest_parameters": [], "focus_areas": [],
                },
            ]})
        );
        let nothing = |campaign: Uuid, name: &str| {
            json!({
                "campaign_id": campaign, "campaign": name, "attempts": 0, "leads_dialed": 0, "human": 0,
                "contact_reach_rate": 0, "sales": 0, "conversion_rate": 0, "disposition_mix": [],
                "sentiment": {"average": null, "positive": 0, "neutral": 0, "negative": 0}, "sentiment_trend": [],
            })
        };
        let report = performance::read(database, scope, window, ALL).await.unwrap();
        assert_eq!(
            json!(report),
            json!({"campaigns": [
                {
                    "campaign_id": alpha, "campaign": "Alpha", "attempts": 4, "leads_dialed": 2, "human": 3,
                    "contact_reach_rate": 0.75, "sales": 1, "conversion_rate": 0.3333,
                    "disposition_mix": [
                        {"code": "INVENTED", "label": "INVENTED", "count": 1, "share": 0.3333},
                        {"code": "NI", "label": "Label NI", "count": 1, "share": 0.3333},
                        {"code": "SALE", "label": "Label SALE", "count": 1, "share": 0.3333},
                    ],
                    "sentiment": {"average": 0.0833, "positive": 1, "neutral": 1, "negative": 1},
                    "sentiment_trend": [
                        {"week": "2026-W09", "average": 0.5, "calls": 1},
                        {"week": "2026-W10", "average": -0.125, "calls": 2},
                    ],
                },
                nothing(empty, "Empty"),
                nothing(beta, "beta"),
            ]})
        );

        let (summary, violations) = audit(database, scope, window, ALL).await;
        assert_eq!(
            json!(summary.with(&violations)),
            json!({
                "checks_total": 4, "checks_passed": 2, "pass_rate": 0.5,
                "violations": [
                    {"check_id": violations[0].check_id, "call_id": world.calls[0].id, "agent": null, "campaign": null,
                     "rule": "consent", "severity": "critical", "detail": null, "checked_at": "2026-03-01T00:00:00Z"},
                    {"check_id": violations[1].check_id, "call_id": world.calls[0].id, "agent": "Ana",
                     "campaign": "Alpha", "rule": "DISCLOSURE", "severity": "high", "detail": "=late \"\\\"",
                     "checked_at": "2026-03-02T10:00:00.500000Z"},
                ],
                "by_rule": [
                    {"rule": "DISCLOSURE", "checks": 3, "violations": 1, "pass_rate": 0.6667},
                    {"rule": "consent", "checks": 1, "violations": 1, "pass_rate": 0},
                ],
                "by_severity": [{"severity": "critical", "violations": 1}, {"severity": "high", "violations": 1}],
            })
        );
        world.agrees(database, window, ALL, "by hand").await;
    });
}

#[test]
fn filters_narrow_each_part_and_nothing_is_no_error() {
    run(async {
        let test = TestDatabase::new().await;
        let (database, world) = (&test.database, small_centre(&test.client).await);
        let (scope, window) = (world.scope(), march());
        let [_, (alpha, _), _] = &world.campaigns[..] else { panic!("three campaigns") };
        let [(bob, _), (ana, _), _] = &world.agents[..] else { panic!("three agents") };
        let of_alpha = Filter { campaign_id: Some(*alpha), agent_id: None };
        let of_bob = Filter { campaign_id: None, agent_id: Some(*bob) };
        let both = Filter { campaign_id: Some(*alpha), agent_id: Some(*ana) };
        let nobody = Filter { campaign_id: Some(Uuid::new_v4()), agent_id: Some(Uuid::new_v4()) };
        let elsewhere = small_centre(&test.client).await;
        let anothers = Filter { campaign_id: Some(elsewhere.campaigns[1].0), agent_id: None };
        for filter in [of_alpha, of_bob, both, nobody, anothers] {
            world.agrees(database, window, filter, &format!("{filter:?}")).await;
        }
        let names = |report: &AgentCoaching| report.agents.iter().map(|row| row.agent.clone()).collect::<Vec<_>>();
        let coaching_of = async |filter| coaching::read(database, scope, window, filter).await.unwrap();
        // Zed has nothing of the campaign; the time in state of Bob is of none.
        let report = coaching_of(of_alpha).await;
        assert_eq!((names(&report), report.agents[0].occupancy.units()), (vec!["Bob".into(), "Ana".into()], 7_000));
        assert_eq!(report.agents[1].calls_evaluated, 2);
        assert_eq!(names(&coaching_of(of_bob).await), ["Bob"]);
        for filter in [nobody, anothers] {
            assert_eq!(coaching_of(filter).await.agents, []);
            let summary = calls::read(database, scope, window, filter).await.unwrap();
            assert_eq!((summary.totals, summary.by_date.len()), (Default::default(), 3));
            assert_eq!(quality::read(database, scope, window, filter).await.unwrap(), QaCounts::default().into());
            assert_eq!(performance::read(database, scope, window, filter).await.unwrap().campaigns, []);
            assert_eq!(audit(database, scope, window, filter).await, (AuditSummary::default(), vec![]));
        }
        // A window without anything, in which campaigns and agents are listed all the same.
        let empty = Window::new(at("20T06:00:00"), at("20T18:00:00")).unwrap();
        world.agrees(database, empty, ALL, "empty").await;
        let summary = calls::read(database, scope, empty, ALL).await.unwrap();
        assert_eq!((summary.totals, summary.by_date.len()), (Default::default(), 1));
        let campaigns = performance::read(database, scope, empty, ALL).await.unwrap().campaigns;
        assert!(campaigns.len() == 3 && campaigns.iter().all(|row| row.sentiment.average.is_none()));
    });
}

#[test]
fn hostile_names_come_through_and_spreadsheets_are_safe() {
    run(async {
        let test = TestDatabase::new().await;
        let mut world = World::new(&test.client).await;
        let hostile = "=1+1\r\n\",\"'; drop table cdrs; -- \\ 🎉 مرحبا";
        let (campaign, agent) = (world.campaign(hostile).await, world.agent(hostile).await);
        let lead = world.lead().await;
        let (campaign_id, agent_id) = (Some(campaign), Some(agent));
        let call = CallRow { campaign: campaign_id, agent: agent_id, at: at("01T10:00:00"), ..Default::default() };
        let call = world.call(CallRow { code: Some("@SUM(\"A1\")"), sentiment: Some(-1), ..call }).await;
        let card = world.card(vec![(8_000, vec![("q\"\\", "+cmd|' /C calc'!A0 \\\"", 1_000)])]).await;
        let (version, score, points) = (0, Some((0, false)), vec![Some(0)]);
        let submitted = Some(at("01T10:00:00"));
        world
            .evaluation(EvaluationRow { call, agent, campaign: campaign_id, submitted, card, version, score, points })
            .await;
        let (code, answered_by) = (Some("-2+3"), None);
        let when = at("01T10:00:00");
        world.attempt(AttemptRow { campaign, lead, agent: agent_id, at: when, answered_by, code }).await;
        let (rule, detail, id) = (hostile.to_owned(), Some(hostile.to_owned()), Uuid::new_v4());
        let check = CheckRow {
            id,
            call,
            agent: agent_id,
            campaign: campaign_id,
            rule,
            severity: "low",
            passed: false,
            detail,
            at: when,
        };
        world.check(check).await;
        world.agrees(&test.database, march(), ALL, "hostile").await;

        let (scope, database) = (world.scope(), &test.database);
        fn same<T: Tabular>(report: &T, sections: &[(&str, Value)]) {
            assert_eq!(T::SECTIONS, sections.iter().map(|section| section.0).collect::<Vec<_>>());
            for (section, rows) in sections {
                let table = report.table(section).unwrap();
                let text = csv::table(&table, false).unwrap();
                let found = crate::csv::python(&text);
                let rows = rows.as_array().unwrap();
                assert_eq!(found.len(), rows.len(), "{section}");
                for (found, row) in found.iter().zip(rows) {
                    for (column, cell) in found {
                        let cell = cell.as_str().unwrap();
                        let is_number = cell.parse::<f64>().is_ok();
                        assert!(
                            is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                            "{section}: {cell:?}"
                        );
                        let text = match row.get(column) {
                            None | Some(Value::Array(_)) => continue,
                            Some(Value::Null) => String::new(),
                            Some(Value::String(text)) => csv::guarded(text).into_owned(),
                            Some(other) => other.to_string(),
                        };
                        assert_eq!(cell, text, "{section}: {column}");
                    }
                }
            }
        }
        let report = calls::read(database, scope, march(), ALL).await.unwrap();
        let value = json!(report);
        let sections = ["by_date", "by_campaign", "dispositions"].map(|name| (name, value[name].clone()));
        same(&report, &sections);
        let report = quality::read(database, scope, march(), ALL).await.unwrap();
        let value = json!(report);
        let sections =
            ["parameter_breakdown", "trend", "by_agent", "by_campaign"].map(|name| (name, value[name].clone()));
        same(&report, &sections);
        let report = coaching::read(database, scope, march(), ALL).await.unwrap();
        same(&report, &[("agents", json!(report)["agents"].clone())]);
        let report = performance::read(database, scope, march(), ALL).await.unwrap();
        let value = json!(report);
        let of_it = |name: &str| value["campaigns"][0][name].clone();
        let sections = [
            ("campaigns", value["campaigns"].clone()),
            ("disposition_mix", of_it("disposition_mix")),
            ("sentiment_trend", of_it("sentiment_trend")),
        ];
        same(&report, &sections);
        let (summary, violations) = audit(database, scope, march(), ALL).await;
        let audit = summary.with(&violations);
        let value = json!(audit);
        let sections = ["violations", "by_rule", "by_severity"].map(|name| (name, value[name].clone()));
        same(&audit, &sections);
    });
}

/// Many violations, some as wide as they may be, in pages that each fit into an answer: as many as the sums say, also when
/// more are added meanwhile.
#[test]
fn an_audit_of_many_pages_is_of_one_moment() {
    run(async {
        let test = TestDatabase::new().await;
        let mut world = World::new(&test.client).await;
        let agent = world.agent(&"\"".repeat(2_000)).await;
        let call = world.call(CallRow { at: at("01T10:00:00"), ..Default::default() }).await;
        let insert =
            "insert into compliance_checks (tenant_id, call_id, agent_id, rule, severity, passed, detail, checked_at)
            select $1, $2, $3, 'rule' || n % 120, 'low', n % 11 = 0, case when n % 40 = 0 then repeat('\"', 8000) end,
                timestamptz '2026-03-01 00:00:00+00' + n / 3 * interval '1 second'
            from generate_series(1, 3300) n";
        let tenant = world.centre.tenant;
        test.client.execute(insert, &[&tenant, &call, &agent]).await.unwrap();
        let mut audit = Audit::begin(&test.database, world.scope(), march(), ALL).await.unwrap();
        let summary = audit.summary.clone();
        assert_eq!((summary.totals.checks_total, summary.totals.violations()), (3_300, 3_000));
        assert_eq!(summary.by_rule.len(), 120);
        let (mut json, mut out) = AuditJson::begin(&summary).unwrap();
        let (mut found, mut pages) = (Vec::new(), 0);
        while let Some(page) = audit.next_page().await.unwrap() {
            assert!(!page.is_empty() && page.len() <= 1_000);
            out.push_str(&json.page(&page).unwrap());
            found.extend(page);
            pages += 1;
            test.client.execute(insert, &[&tenant, &call, &agent]).await.unwrap();
        }
        assert!(audit.next_page().await.unwrap().is_none());
        audit.end().await;
        out.push_str(&json.end());
        assert!(pages > 3, "{pages} pages");
        let keys: Vec<_> = found.iter().map(|violation| (violation.checked_at, violation.check_id)).collect();
        assert!(keys.len() == 3_000 && keys.is_sorted() && keys.iter().collect::<HashSet<_>>().len() == 3_000);
        assert_eq!(out, serde_json::to_string(&summary.with(&found)).unwrap());

        let again = Audit::begin(&test.database, world.scope(), march(), ALL).await.unwrap();
        assert!(again.summary.totals.checks_total > 3_300);
        assert_eq!(again.first(500).await.unwrap().len(), 500);
        let none = Filter { agent_id: Some(Uuid::new_v4()), ..ALL };
        let none = Audit::begin(&test.database, world.scope(), march(), none).await.unwrap();
        assert_eq!(none.first(500).await.unwrap(), []);
        // What no answer could carry is refused when it is written.
        let long = "insert into compliance_checks (tenant_id, call_id, rule, severity, passed, checked_at, detail)
            values ($1, $2, 'r', 'low', false, now(), repeat('x', 8001))";
        assert!(test.client.execute(long, &[&tenant, &call]).await.is_err());
    });
}

/// Thousands of rows of one report come in pages, of which each part goes on where it stopped.
#[test]
fn many_campaigns_and_codes_are_paged() {
    run(async {
        let test = TestDatabase::new().await;
        let world = World::new(&test.client).await;
        let tenant = world.centre.tenant;
        test.client
            .batch_execute(&format!(
                "insert into campaigns (tenant_id, name) select '{tenant}', 'c' || n from generate_series(1, 700) n;
                 insert into agents (tenant_id, name) select '{tenant}', 'a' || n % 500 from generate_series(1, 1200) n;
                 insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, ended_at,
                        hangup_cause, disposition_code, sentiment)
                    select '{tenant}', campaign.id, agent.id, 'inbound', '', '', at, at, '', 'code' || campaign.n % 1500, 0.5
                    from (select *, row_number() over () as n from campaigns where tenant_id = '{tenant}') as campaign,
                        (select id from agents where tenant_id = '{tenant}' limit 3) as agent,
                        (values (timestamptz '2026-03-01 10:00Z'), ('2026-03-02 10:00Z')) as instants (at);
                 insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, disposition_code)
                    select '{tenant}', campaign.id, '{lead}', '2026-03-01 10:00Z', 'code' || n
                    from campaigns as campaign, generate_series(1, 3) n where tenant_id = '{tenant}'",
                lead = world.centre.lead(None).await,
            ))
            .await
            .unwrap();
        let scope = world.scope();
        let report = performance::read(&test.database, scope, march(), ALL).await.unwrap();
        assert_eq!(report.campaigns.len(), 700);
        for row in &report.campaigns {
            assert_eq!((row.attempts, row.leads_dialed, row.disposition_mix.len()), (3, 1, 3));
            assert_eq!((row.sentiment.positive, row.sentiment_trend.len()), (6, 2));
        }
        assert!(report.campaigns.is_sorted_by_key(|row| (row.campaign.clone(), row.campaign_id)));
        let report = calls::read(&test.database, scope, march(), ALL).await.unwrap();
        assert_eq!((report.by_date.len(), report.by_campaign.len(), report.dispositions.len()), (3, 700, 700));
        assert_eq!(report.by_campaign.iter().map(|row| row.total_calls).sum::<i64>(), report.totals.total_calls);
        let report = coaching::read(&test.database, scope, march(), ALL).await.unwrap();
        assert_eq!(report.agents.len(), 1_200);
        assert_eq!(report.agents.iter().map(|row| row.calls).sum::<i64>(), 4_200);
    });
}

const CODES: [Option<&str>; 5] = [None, Some("SALE"), Some("NI"), Some("sale"), Some("INVENTED")];
const TEXTS: [&str; 5] = ["Greeting", "greeting", "Élan", "Pitch", "Closing"];
const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];

/// Around the turn of two ISO years.
fn instant(rng: &mut ChaCha8Rng) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-12-26T00:00:00Z".parse().unwrap();
    let hours = TimeDelta::hours(rng.random_range(0..24 * 17));
    let part = if rng.random_bool(0.5) { rng.random_range(0..3_600_000_000) } else { 0 };
    start + hours + TimeDelta::microseconds(part)
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, of: &[T]) -> Option<T> {
    (!of.is_empty() && rng.random_bool(0.8)).then(|| of[rng.random_range(0..of.len())])
}

async fn random<'a>(rng: &mut ChaCha8Rng, client: &'a Client) -> World<'a> {
    let mut world = World::new(client).await;
    for _ in 0..rng.random_range(0..5) {
        world.campaign(["alpha", "Beta", "Ähre", "Zeta"][rng.random_range(0..4)]).await;
    }
    for _ in 0..rng.random_range(1..5) {
        world.agent(["Zoe", "ana", "Élo", "Bob"][rng.random_range(0..4)]).await;
    }
    for _ in 0..4 {
        world.lead().await;
    }
    let campaigns: Vec<Uuid> = world.campaigns.iter().map(|campaign| campaign.0).collect();
    let agents: Vec<Uuid> = world.agents.iter().map(|agent| agent.0).collect();
    for _ in 0..2 {
        let mut versions = Vec::new();
        for _ in 0..rng.random_range(1..4) {
            // Within a version texts differ, so that ties are between scorecards only.
            let mut texts = TEXTS.to_vec();
            let questions = ["q1", "q2", "q3", "q4"].into_iter().take(rng.random_range(1..5)).map(|id| {
                let text = texts.remove(rng.random_range(0..texts.len()));
                (id, text, rng.random_range(1..40) * 50)
            });
            let questions = questions.collect();
            versions.push((rng.random_range(0..=20) * 500, questions));
        }
        world.card(versions).await;
    }
    for _ in 0..rng.random_range(0..60) {
        let row = CallRow {
            campaign: pick(rng, &campaigns),
            agent: pick(rng, &agents),
            at: instant(rng),
            answered: rng.random_bool(0.6),
            talk_secs: rng.random_range(0..600),
            code: CODES[rng.random_range(0..CODES.len())],
            sentiment: rng.random_bool(0.7).then(|| rng.random_range(-2..=2) * rng.random_range(0..=500)),
            ..Default::default()
        };
        let (call, campaign) = (world.call(row.clone()).await, row.campaign);
        for _ in 0..rng.random_range(0..3) {
            let card = rng.random_range(0..world.cards.len());
            let version = rng.random_range(0..world.cards[card].versions.len());
            let questions = &world.cards[card].versions[version].1;
            let points = questions
                .iter()
                .map(|question| rng.random_bool(0.8).then(|| question.2 * rng.random_range(0..=5) / 5))
                .collect();
            let score = rng.random_bool(0.9).then(|| (rng.random_range(0..=10_000), rng.random_bool(0.5)));
            let submitted = rng.random_bool(0.8).then(|| instant(rng));
            let agent = agents[rng.random_range(0..agents.len())];
            world.evaluation(EvaluationRow { call, agent, campaign, submitted, card, version, score, points }).await;
        }
        for _ in 0..rng.random_range(0..3) {
            let check = CheckRow {
                id: Uuid::from_u128(rng.random()),
                call,
                agent: pick(rng, &agents),
                campaign: pick(rng, &campaigns),
                rule: ["Consent", "consent", "hours"][rng.random_range(0..3)].into(),
                severity: SEVERITIES[rng.random_range(0..4)],
                passed: rng.random_bool(0.6),
                detail: rng.random_bool(0.5).then(|| "why".to_owned()),
                at: instant(rng),
            };
            world.check(check).await;
        }
    }
    for _ in 0..if campaigns.is_empty() { 0 } else { rng.random_range(0..80) } {
        let row = AttemptRow {
            campaign: campaigns[rng.random_range(0..campaigns.len())],
            lead: world.leads[rng.random_range(0..world.leads.len())],
            agent: pick(rng, &agents),
            at: instant(rng),
            answered_by: [None, Some("human"), Some("machine")][rng.random_range(0..3)],
            code: CODES[rng.random_range(0..CODES.len())],
        };
        world.attempt(row).await;
    }
    for _ in 0..rng.random_range(0..40) {
        let (agent, entered) = (agents[rng.random_range(0..agents.len())], instant(rng));
        let state = ["available", "busy", "wrap", "break", "offline"][rng.random_range(0..5)];
        let left = entered + TimeDelta::microseconds(rng.random_range(0..10_000_000_000));
        world.interval(IntervalRow { agent, state, entered, left }).await;
    }
    world
}

#[test]
fn the_types_count_what_a_plain_loop_counts() {
    run(async {
        let test = TestDatabase::new().await;
        let mut written = Vec::new();
        for seed in 0..8 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let world = random(&mut rng, &test.client).await;
            written.push((rng, world, seed));
        }
        for (rng, world, seed) in &mut written {
            let campaigns: Vec<Uuid> = world.campaigns.iter().map(|campaign| campaign.0).collect();
            let agents: Vec<Uuid> = world.agents.iter().map(|agent| agent.0).collect();
            for step in 0..10 {
                let (a, b) = (instant(rng), instant(rng));
                if a == b {
                    continue;
                }
                let window = Window::new(a.min(b), a.max(b)).unwrap();
                let campaign_id = if rng.random_bool(0.5) { None } else { pick(rng, &campaigns) };
                let agent_id = if rng.random_bool(0.5) { None } else { pick(rng, &agents) };
                let filter = Filter { campaign_id, agent_id };
                world
                    .agrees(
                        &test.database,
                        window,
                        filter,
                        &format!("seed {seed}, step {step}: {window:?}, {filter:?}"),
                    )
                    .await;
            }
        }
    });
}

/// Violations are read by their own index.
#[test]
fn violations_are_found_by_their_index() {
    run(async {
        let test = TestDatabase::new().await;
        let world = World::new(&test.client).await;
        let tenant = world.centre.tenant;
        test.client
            .batch_execute(&format!(
                "insert into cdrs (tenant_id, direction, from_number, to_number, started_at, ended_at, hangup_cause)
                    values ('{tenant}', 'inbound', '', '', now(), now(), '');
                 insert into compliance_checks (tenant_id, call_id, rule, severity, passed, checked_at)
                    select tenant_id, id, 'r', 'low', n % 10 > 0, timestamptz '2026-03-01Z' + n * interval '1 second'
                    from cdrs, generate_series(1, 20000) n"
            ))
            .await
            .unwrap();
        test.client.batch_execute("vacuum analyze").await.unwrap();
        let statements = callmetry_reports::statements();
        let (sql, _) = statements.iter().find(|(sql, _)| sql.name() == "reports.list_violations").unwrap();
        let text = sql.text();
        let explain = format!("-- t\nexplain (format json) {}", text.split_once('\n').unwrap().1);
        let params = Params::new()
            .uuid("tenant_id", tenant)
            .instant("from", march().from())
            .instant("to", march().to())
            .uuid("campaign_id", None)
            .uuid("agent_id", None)
            .instant("after_at", at("01T02:00:00"))
            .uuid("after_id", Uuid::new_v4())
            .integer("page_size", 100);
        let plan: Vec<Value> =
            test.database.write(Sql::new(Box::leak(explain.into_boxed_str())), params).await.unwrap();
        let plan = plan[0].to_string();
        assert!(plan.contains("compliance_checks_violations"), "{plan}");
    });
}
