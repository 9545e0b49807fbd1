//! Random centres, random windows and filters: the SQL counts what a plain loop over the rows counts.

use callmetry_access::{Caller, Identity, Role, Supervisor, TenantScope};
use callmetry_metrics::agents::{AgentCounts, Agents, ScoreSum, StateMicros};
use callmetry_metrics::call_volume::{CallCounts, CallVolume};
use callmetry_metrics::campaigns::{CampaignCounts, Campaigns, FunnelCounts};
use callmetry_metrics::compliance::{CampaignCompliance, Compliance, DncSource};
use callmetry_metrics::dispositions::{DispositionCounts, Dispositions};
use callmetry_metrics::{Decimal2, Window};
use callmetry_testing::{Attempt, Call, Campaign, Centre, TestDatabase, run};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

const ZONES: [&str; 5] = ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
const CODES: [Option<&str>; 5] = [None, Some("SALE"), Some("NI"), Some("sale"), Some("INVENTED")];
const STATES: [&str; 5] = ["available", "busy", "wrap", "break", "offline"];
const CAUSES: [&str; 12] = ["a", "B", "c", "D", "é", "f", "g", "h", "i", "j", "k", "l"];
const SOURCES: [&str; 4] = ["national", "state", "internal", "litigator"];

struct CampaignRow {
    id: Uuid,
    name: String,
    cap: Decimal2,
    hours: Option<(NaiveTime, NaiveTime)>,
    zone: Tz,
}

struct AttemptRow {
    campaign: Uuid,
    lead: Uuid,
    lead_zone: Option<Tz>,
    at: DateTime<Utc>,
    human: bool,
    machine: bool,
    abandoned: bool,
    code: Option<&'static str>,
}

struct CallRow {
    campaign: Option<Uuid>,
    agent: Option<Uuid>,
    at: DateTime<Utc>,
    answered: bool,
    talk_secs: i64,
    cause: &'static str,
}

struct IntervalRow {
    agent: Uuid,
    state: &'static str,
    entered: DateTime<Utc>,
    left: Option<DateTime<Utc>>,
}

struct Rows {
    campaigns: Vec<CampaignRow>,
    agents: Vec<(Uuid, String, Option<&'static str>)>,
    attempts: Vec<AttemptRow>,
    calls: Vec<CallRow>,
    intervals: Vec<IntervalRow>,
    dnc: Vec<(&'static str, DateTime<Utc>)>,
}

/// Around both of Madrid's changes of 2026 and one of Lord Howe's; a third on whole hours, where borders are.
fn instant(rng: &mut ChaCha8Rng) -> DateTime<Utc> {
    let start: DateTime<Utc> = ["2026-03-28T00:00:00Z", "2026-04-04T00:00:00Z", "2026-10-24T00:00:00Z"]
        [rng.random_range(0..3)]
    .parse()
    .unwrap();
    let hours = TimeDelta::hours(rng.random_range(0..72));
    match rng.random_range(0..3) {
        0 => start + hours,
        1 => start + hours + TimeDelta::seconds(rng.random_range(0..3600)),
        _ => start + hours + TimeDelta::microseconds(rng.random_range(0..3_600_000_000)),
    }
}

async fn write(rng: &mut ChaCha8Rng, centre: &Centre<'_>) -> Rows {
    let mut rows =
        Rows { campaigns: vec![], agents: vec![], attempts: vec![], calls: vec![], intervals: vec![], dnc: vec![] };
    centre.disposition("SALE", true).await;
    centre.disposition("NI", false).await;
    for _ in 0..rng.random_range(0..5) {
        let name = ["alpha", "Beta", "Ähre", "Zeta"][rng.random_range(0..4)];
        let cap = Decimal2::from_units(rng.random_range(0..5_000));
        let hour = |rng: &mut ChaCha8Rng| {
            NaiveTime::from_hms_opt(rng.random_range(0..24), [0, 30][rng.random_range(0..2)], 0).unwrap()
        };
        let hours = rng.random_bool(0.7).then(|| (hour(rng), hour(rng)));
        let timezone = ZONES[rng.random_range(0..ZONES.len())];
        let id = centre.campaign(Campaign { name, abandonment_cap: &cap.to_string(), hours, timezone }).await;
        rows.campaigns.push(CampaignRow { id, name: name.into(), cap, hours, zone: timezone.parse().unwrap() });
    }
    let mut leads = Vec::new();
    for _ in 0..6 {
        let zone = rng.random_bool(0.5).then(|| ZONES[rng.random_range(0..ZONES.len())]);
        leads.push((centre.lead(zone).await, zone.map(|zone| zone.parse::<Tz>().unwrap())));
    }
    for _ in 0..rng.random_range(0..4) {
        let name = ["Zoe", "ana", "Élo"][rng.random_range(0..3)];
        let team = [None, Some("north"), Some("south")][rng.random_range(0..3)];
        rows.agents.push((centre.agent(name, team).await, name.into(), team));
    }
    for _ in 0..if rows.campaigns.is_empty() { 0 } else { rng.random_range(0..120) } {
        let campaign = rows.campaigns[rng.random_range(0..rows.campaigns.len())].id;
        let (lead, lead_zone) = leads[rng.random_range(0..leads.len())];
        let answered_by = [None, Some("human"), Some("machine")][rng.random_range(0..3)];
        let (at, abandoned, code) = (instant(rng), rng.random_bool(0.1), CODES[rng.random_range(0..CODES.len())]);
        centre.attempt(campaign, lead, at, Attempt { answered_by, abandoned, disposition: code }).await;
        let (human, machine) = (answered_by == Some("human"), answered_by == Some("machine"));
        rows.attempts.push(AttemptRow { campaign, lead, lead_zone, at, human, machine, abandoned, code });
    }
    for _ in 0..rng.random_range(0..80) {
        let pick = |rng: &mut ChaCha8Rng, ids: Vec<Uuid>| {
            (!ids.is_empty() && rng.random_bool(0.8)).then(|| ids[rng.random_range(0..ids.len())])
        };
        let campaign = pick(rng, rows.campaigns.iter().map(|campaign| campaign.id).collect());
        let agent = pick(rng, rows.agents.iter().map(|agent| agent.0).collect());
        let (at, answered, talk_secs) = (instant(rng), rng.random_bool(0.6), rng.random_range(0..600));
        let cause = CAUSES[rng.random_range(0..CAUSES.len())];
        centre.call(at, Call { campaign, agent, answered, talk_secs, hangup_cause: cause }).await;
        rows.calls.push(CallRow { campaign, agent, at, answered, talk_secs: i64::from(talk_secs), cause });
    }
    for _ in 0..if rows.agents.is_empty() { 0 } else { rng.random_range(0..60) } {
        let agent = rows.agents[rng.random_range(0..rows.agents.len())].0;
        let (state, entered) = (STATES[rng.random_range(0..STATES.len())], instant(rng));
        let left = rng.random_bool(0.9).then(|| entered + TimeDelta::microseconds(rng.random_range(0..10_000_000_000)));
        centre.interval(agent, state, entered, left).await;
        rows.intervals.push(IntervalRow { agent, state, entered, left });
    }
    for n in 0..rng.random_range(0..20) {
        let (source, added) = (SOURCES[rng.random_range(0..SOURCES.len())], instant(rng));
        centre.dnc(&format!("+{n}"), source, added).await;
        rows.dnc.push((source, added));
    }
    // By name in code-point order, then by id, as PostgreSQL orders them.
    rows.campaigns.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    rows.agents.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    rows
}

fn count<T>(rows: &[&T], is: impl Fn(&T) -> bool) -> i64 {
    rows.iter().filter(|row| is(row)).count() as i64
}

fn distinct_leads(attempts: &[&AttemptRow]) -> i64 {
    attempts.iter().map(|attempt| attempt.lead).collect::<std::collections::HashSet<_>>().len() as i64
}

impl Rows {
    fn attempts(&self, window: Window, campaign: Option<Uuid>) -> Vec<&AttemptRow> {
        let inside = |at| at >= window.from() && at < window.to();
        self.attempts.iter().filter(|row| inside(row.at) && campaign.is_none_or(|id| id == row.campaign)).collect()
    }

    fn calls(&self, window: Window, campaign: Option<Uuid>) -> Vec<&CallRow> {
        let inside = |at| at >= window.from() && at < window.to();
        self.calls.iter().filter(|row| inside(row.at) && campaign.is_none_or(|id| Some(id) == row.campaign)).collect()
    }

    fn campaigns(&self, filter: Option<Uuid>) -> impl Iterator<Item = &CampaignRow> {
        self.campaigns.iter().filter(move |campaign| filter.is_none_or(|id| id == campaign.id))
    }

    fn funnel(&self, window: Window, filter: Option<Uuid>) -> Campaigns {
        let campaigns = self.campaigns(filter).map(|campaign| {
            let rows = self.attempts(window, Some(campaign.id));
            CampaignCounts {
                campaign_id: campaign.id,
                campaign: campaign.name.clone(),
                abandonment_cap: campaign.cap,
                counts: FunnelCounts {
                    attempts: rows.len() as i64,
                    leads_dialed: distinct_leads(&rows),
                    human: count(&rows, |row| row.human),
                    machine: count(&rows, |row| row.machine),
                    sales: count(&rows, |row| row.code == Some("SALE")),
                    abandoned: count(&rows, |row| row.abandoned),
                },
            }
        });
        Campaigns::new(campaigns.collect(), distinct_leads(&self.attempts(window, filter)))
    }

    fn compliance(&self, window: Window, filter: Option<Uuid>) -> Compliance {
        let before =
            |source: &str| self.dnc.iter().filter(|row| row.0 == source && row.1 < window.to()).collect::<Vec<_>>();
        let mut sources: Vec<DncSource> = SOURCES
            .iter()
            .map(|source| DncSource {
                source: (*source).into(),
                total: before(source).len() as i64,
                additions: before(source).iter().filter(|row| row.1 >= window.from()).count() as i64,
            })
            .filter(|source| source.total > 0)
            .collect();
        sources.sort_by(|a, b| a.source.cmp(&b.source));
        let campaigns = self.campaigns(filter).map(|campaign| {
            let rows = self.attempts(window, Some(campaign.id));
            let is_inside = |row: &AttemptRow| {
                let Some((opens, closes)) = campaign.hours else { return false };
                let time = row.at.with_timezone(&row.lead_zone.unwrap_or(campaign.zone)).time();
                match opens.cmp(&closes) {
                    std::cmp::Ordering::Equal => true,
                    std::cmp::Ordering::Less => opens <= time && time < closes,
                    std::cmp::Ordering::Greater => opens <= time || time < closes,
                }
            };
            CampaignCompliance {
                campaign_id: campaign.id,
                campaign: campaign.name.clone(),
                abandonment_cap: campaign.cap,
                has_hours: campaign.hours.is_some(),
                attempts: rows.len() as i64,
                abandoned: count(&rows, |row| row.abandoned),
                inside: count(&rows, is_inside),
            }
        });
        Compliance::new(sources, campaigns.collect())
    }

    fn dispositions(&self, window: Window, filter: Option<Uuid>) -> Dispositions {
        let rows = self.attempts(window, filter);
        let mut codes: Vec<DispositionCounts> = CODES
            .iter()
            .flatten()
            .map(|code| {
                let known = ["SALE", "NI"].contains(code);
                DispositionCounts {
                    code: (*code).into(),
                    label: if known { format!("Label {code}") } else { (*code).into() },
                    category: if known { "contact" } else { "unknown" }.into(),
                    count: count(&rows, |row| row.code == Some(code)),
                }
            })
            .filter(|code| code.count > 0)
            .collect();
        codes.sort_by(|a, b| b.count.cmp(&a.count).then(a.code.cmp(&b.code)));
        Dispositions::new(codes)
    }

    fn volume(&self, window: Window, filter: Option<Uuid>, zone: Tz) -> CallVolume {
        let rows = self.calls(window, filter);
        let first = window.from().with_timezone(&zone).date_naive();
        let last = (window.to() - TimeDelta::microseconds(1)).with_timezone(&zone).date_naive();
        let days = first.iter_days().take_while(|day| *day <= last).map(|day| {
            let of_day: Vec<&&CallRow> =
                rows.iter().filter(|row| row.at.with_timezone(&zone).date_naive() == day).collect();
            let counts = CallCounts {
                calls: of_day.len() as i64,
                answered: of_day.iter().filter(|row| row.answered).count() as i64,
                talk_secs: of_day.iter().map(|row| row.talk_secs).sum(),
                answered_talk_secs: of_day.iter().filter(|row| row.answered).map(|row| row.talk_secs).sum(),
            };
            (day, counts)
        });
        let mut causes: Vec<(String, i64)> = CAUSES
            .iter()
            .map(|cause| ((*cause).to_owned(), count(&rows, |row| row.cause == *cause)))
            .filter(|cause| cause.1 > 0)
            .collect();
        causes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        CallVolume::new(days.collect(), causes)
    }

    fn agents(&self, window: Window, team: Option<&str>, live: &Agents) -> Agents {
        let agents =
            self.agents.iter().filter(|agent| team.is_none_or(|team| agent.2 == Some(team))).map(|(id, name, _)| {
                let calls: Vec<&CallRow> =
                    self.calls(window, None).into_iter().filter(|row| row.agent == Some(*id)).collect();
                let micros = |state: &str| -> i64 {
                    let of_state = self.intervals.iter().filter(|row| row.agent == *id && row.state == state);
                    let ended = of_state.filter_map(|row| {
                        row.left
                            .filter(|left| *left >= window.from() && *left < window.to())
                            .map(|left| left - row.entered)
                    });
                    ended.map(|spent| spent.num_microseconds().unwrap()).sum()
                };
                AgentCounts {
                    agent_id: *id,
                    agent: name.clone(),
                    state: "offline".into(),
                    state_since: live
                        .rows
                        .iter()
                        .find(|row| row.agent_id == *id)
                        .map(|row| row.state_since)
                        .unwrap_or_default(),
                    calls: calls.len() as i64,
                    talk_secs: calls.iter().map(|row| row.talk_secs).sum(),
                    states: StateMicros {
                        available: micros("available"),
                        busy: micros("busy"),
                        wrap: micros("wrap"),
                        on_break: micros("break"),
                        offline: micros("offline"),
                    },
                    quality: ScoreSum::default(),
                }
            });
        Agents::new(agents.collect())
    }
}

fn scope(centre: &Centre<'_>) -> TenantScope {
    let identity = Identity { tenant_id: centre.tenant, user_id: "test".into(), role: Role::Supervisor, exp: 0 };
    Caller::<Supervisor>::admit(identity).unwrap().own_tenant()
}

#[test]
fn the_reports_count_what_a_plain_loop_counts() {
    run(async {
        let test = TestDatabase::new().await;
        let database = &test.database;
        let mut written = Vec::new();
        for seed in 0..12 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let centre = Centre::new(&test.client).await;
            let rows = write(&mut rng, &centre).await;
            written.push((rng, centre, rows, seed));
        }
        for (rng, centre, rows, seed) in &mut written {
            for step in 0..12 {
                let (a, b) = (instant(rng), instant(rng));
                if a == b {
                    continue;
                }
                let window = Window::new(a.min(b), a.max(b)).unwrap();
                let filter = (!rows.campaigns.is_empty() && rng.random_bool(0.4))
                    .then(|| rows.campaigns[rng.random_range(0..rows.campaigns.len())].id);
                let team = [None, Some("north"), Some("nobody")][rng.random_range(0..3)];
                let zone: Tz = ZONES[rng.random_range(0..ZONES.len())].parse().unwrap();
                let place = format!("seed {seed}, step {step}: {window:?}, {filter:?}, {team:?}, {zone}");
                let scope = scope(centre);
                assert_eq!(
                    callmetry_reports::campaigns::read(database, scope, window, filter).await.unwrap(),
                    rows.funnel(window, filter),
                    "{place}"
                );
                assert_eq!(
                    callmetry_reports::compliance::read(database, scope, window, filter).await.unwrap(),
                    rows.compliance(window, filter),
                    "{place}"
                );
                assert_eq!(
                    callmetry_reports::dispositions::read(database, scope, window, filter).await.unwrap(),
                    rows.dispositions(window, filter),
                    "{place}"
                );
                assert_eq!(
                    callmetry_reports::call_volume::read(database, scope, window, filter, zone).await.unwrap(),
                    rows.volume(window, filter, zone),
                    "{place}"
                );
                let agents = callmetry_reports::agents::read(database, scope, window, team).await.unwrap();
                assert_eq!(agents, rows.agents(window, team, &agents), "{place}");
            }
        }
    });
}
