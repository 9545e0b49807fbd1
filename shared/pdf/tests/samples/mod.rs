//! Reports of every type, with nothing, little and much in them.

use callmetry_metrics::agents::StateMicros;
use callmetry_metrics::call_volume::CallCounts;
use callmetry_metrics::headlines::Headlines;
use callmetry_metrics::ondemand::agent_coaching::{self, AgentCoaching};
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::{self, CampaignPerformance, SentimentCounts};
use callmetry_metrics::ondemand::compliance_audit::{AuditSummary, RuleCounts, Violation};
use callmetry_metrics::ondemand::qa_performance::{QaCounts, QaPerformance};
use callmetry_metrics::ondemand::{CodeCounts, Named, ParameterCounts, QualityCounts};
use callmetry_pdf::Header;
use callmetry_render::{HeadlineText, Period};
use chrono::{Days, NaiveDate, TimeDelta};
use uuid::Uuid;

/// Names that a document has to bear: markup, scripts, directions, no spaces, what no font has.
pub const HOSTILE: [&str; 16] = [
    "#panic(\"never\")",
    "$x^2$ *bold* _it_ `raw` <label> @ref \\ // comment /* x */ [c] {d}",
    "Doe\r\nJane\t\u{0}\u{1B}[31m",
    "Łukasz Żółć",
    "Ελένη Παπαδοπούλου",
    "Наталья Щербакова",
    "محمد الأحمد",
    "שלום (צוות א) 12",
    "प्रिया शर्मा",
    "สมชาย ใจดี ฝ่ายขายกรุงเทพมหานคร",
    "株式会社東京コールセンター営業部",
    "김민수 고객센터",
    "emoji 😀👩‍👩‍👧❤️🇩🇪 end",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "a\u{202E}b\u{2066}c\u{200B}d\u{E000}\u{10FFFF}",
];

const NAMES: [&str; 10] = [
    "Ana García",
    "Bo Lindqvist",
    "Chidi Okafor",
    "Dana Weiss",
    "Elif Yılmaz",
    "Farid Haddad",
    "Grace Kim",
    "Hugo Martínez",
    "Ines Duarte",
    "Jonas Keller",
];

/// How much there is in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Nothing happened.
    None,
    /// What a month of a small centre has.
    Little,
    /// The most that there may be.
    Much,
}

impl Size {
    /// 0, few or many.
    fn of(self, few: usize, many: usize) -> usize {
        match self {
            Self::None => 0,
            Self::Little => few,
            Self::Much => many,
        }
    }

    /// The name of a thing. Where there is much, some are hostile.
    fn name(self, index: usize) -> String {
        match self {
            Self::Much if index < HOSTILE.len() => HOSTILE[index].into(),
            _ if index < NAMES.len() => NAMES[index].into(),
            _ => format!("{} {index}", NAMES[index % NAMES.len()]),
        }
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// What every sample has on its first page.
pub fn header(headlines: Vec<HeadlineText>, size: Size) -> Header {
    let filter = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Header {
        report_id: "8f14e45f-ceea-467f-9575-2f5a1c6d3b10".into(),
        tenant: if size == Size::Much { HOSTILE[13].into() } else { "Acme Contact GmbH".into() },
        period: Period { first: day("2026-10-01"), last: day("2026-10-31") },
        previous: (size != Size::None).then(|| Period { first: day("2026-08-31"), last: day("2026-09-30") }),
        zone: "UTC".into(),
        filters: match size {
            Size::None => vec![],
            Size::Little => vec![filter("Campaign", "Spring sale")],
            Size::Much => vec![filter("Campaign", HOSTILE[1]), filter("Agent", HOSTILE[6])],
        },
        created_at: "2026-11-21T09:30:15Z".parse().expect("an instant"),
        headlines,
    }
}

/// The headlines of a report beside those of another.
pub fn headlines<R: Headlines>(report: &R, previous: &R) -> Vec<HeadlineText> {
    report.headlines(previous).into_iter().map(HeadlineText::from).collect()
}

/// The same numbers on every run.
fn some(index: usize, from: i64, to: i64) -> i64 {
    let mixed = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    from + ((mixed ^ (mixed >> 29)) % (to - from) as u64) as i64
}

fn codes(size: Size, salt: usize) -> Vec<CodeCounts> {
    let known = ["SALE", "CALLBACK", "NOT_INTERESTED", "WRONG_NUMBER", "NO_ANSWER", "DNC"];
    let labels = ["Sale", "Call back later", "Not interested", "Wrong number", "No answer", "Do not call"];
    let code = |index: usize| CodeCounts {
        code: known.get(index).map_or_else(|| format!("CODE_{index}_{}", "X".repeat(index)), |code| (*code).into()),
        label: labels.get(index).map_or_else(|| size.name(index), |label| (*label).into()),
        count: some(index + salt, 10, 4_000) / (index as i64 + 1),
    };
    let mut codes: Vec<_> = (0..size.of(5, 24)).map(code).collect();
    codes.sort_by_key(|code| -code.count);
    codes
}

fn calls(index: usize) -> CallCounts {
    let calls = some(index, 300, 1_400);
    let answered = calls * some(index + 7, 35, 70) / 100;
    CallCounts {
        calls,
        answered,
        talk_secs: answered * 180,
        answered_talk_secs: answered * 180 + some(index, 0, 9_000),
    }
}

fn quality(index: usize) -> QualityCounts {
    let scored = some(index, 20, 260);
    let passed = scored * some(index + 3, 50, 98) / 100;
    QualityCounts { evaluations: scored + 1, scored, passed, score_hundredths: scored * some(index + 5, 7_000, 9_600) }
}

fn parameter(name: String, index: usize) -> ParameterCounts {
    let (answered, weight) = (some(index, 20, 260), 500 * some(index + 1, 1, 5));
    ParameterCounts {
        parameter: name,
        answered,
        passed: answered * some(index + 2, 40, 100) / 100,
        points_hundredths: answered * weight * some(index + 4, 50, 100) / 100,
        weight_hundredths: answered * weight,
        newest_weight_hundredths: weight,
    }
}

fn question(size: Size, index: usize) -> String {
    let questions =
        ["Greets by name", "Says that the call is recorded", "Product pitch accuracy", "Handles objections"];
    questions.get(index).map_or_else(|| size.name(index), |question| (*question).into())
}

fn named(size: Size, index: usize) -> Named {
    Named { id: Some(Uuid::from_u128(index as u128)), name: Some(size.name(index)) }
}

fn campaigns(size: Size) -> Vec<Named> {
    let mut all: Vec<_> = (0..size.of(3, 60)).map(|index| named(size, index)).collect();
    if size != Size::None {
        all.push(Named::default());
    }
    all
}

pub fn call_summary(size: Size) -> CallSummary {
    let days = match size {
        Size::None | Size::Little => 31,
        Size::Much => 366,
    };
    let date = |index: usize| day("2026-10-01") + Days::new(index as u64);
    let of_day = |index| if size == Size::None { CallCounts::default() } else { calls(index) };
    CallSummary::new(
        (0..days).map(|index| (date(index), of_day(index))).collect(),
        campaigns(size).into_iter().enumerate().map(|(index, name)| (name, calls(index))).collect(),
        codes(size, 0),
    )
}

pub fn qa_performance(size: Size) -> QaPerformance {
    let week = |index: usize| day("2025-12-29") + Days::new(7 * index as u64);
    QaPerformance::from(QaCounts {
        parameters: (0..size.of(4, 60)).map(|index| parameter(question(size, index), index)).collect(),
        weeks: (0..size.of(5, 53)).map(|index| (week(index), quality(index))).collect(),
        agents: (0..size.of(6, 400)).map(|index| (named(size, index), quality(index + 9))).collect(),
        campaigns: campaigns(size).into_iter().enumerate().map(|(index, name)| (name, quality(index))).collect(),
    })
}

pub fn compliance_audit(size: Size) -> (AuditSummary, Vec<Violation>) {
    let rules = ["Recording disclosure", "Calling hours", "Do-not-call list", "Payment card data"];
    let severities = ["critical", "high", "medium", "low"];
    let long = |index: usize| format!("{} {}", HOSTILE[index % HOSTILE.len()], "details and more details ".repeat(80));
    let rule = |index: usize| match (rules.get(index), size) {
        (Some(rule), _) => (*rule).to_owned(),
        (None, _) => long(index),
    };
    let counts = (0..size.of(4, 12)).map(|index| {
        let checks = some(index, 200, 2_000);
        let violations = if size == Size::Little { some(index, 1, 5) } else { checks / 5 };
        RuleCounts { rule: rule(index), severity: severities[index % 4].into(), checks, violations }
    });
    let summary = AuditSummary::new(counts.collect());
    let start = "2026-10-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
    let violation = |index: usize| Violation {
        check_id: Uuid::from_u128(0x1111_2222_3333_4444_5555_6666_0000_0000 + index as u128),
        call_id: Uuid::from_u128(0x9999_8888_7777_6666_5555_4444_0000_0000 + index as u128),
        agent: (index % 7 != 6).then(|| size.name(index)),
        campaign: (index % 5 != 4).then(|| size.name(index + 3)),
        rule: rule(index % size.of(4, 12).max(1)),
        severity: severities[index % 4].into(),
        detail: match (index % 3, size) {
            (2, _) => None,
            (_, Size::Much) => Some(long(index)),
            _ => Some("The announcement came after 42 s, and not before the first question.".into()),
        },
        checked_at: start + TimeDelta::seconds(3_571 * index as i64),
    };
    let shown = usize::try_from(summary.totals.violations()).expect("not negative").min(500);
    (summary, (0..shown).map(violation).collect())
}

pub fn agent_coaching(size: Size) -> AgentCoaching {
    let agent = |index: usize| agent_coaching::AgentCounts {
        agent_id: Uuid::from_u128(index as u128),
        agent: size.name(index),
        calls: some(index, 50, 900),
        talk_secs: some(index, 9_000, 190_000),
        states: StateMicros {
            available: some(index, 10_000, 90_000) * 1_000_000,
            busy: some(index, 30_000, 190_000) * 1_000_000,
            ..Default::default()
        },
        quality: if index % 9 == 8 { QualityCounts::default() } else { quality(index) },
        lowest: match index % 9 {
            8 => vec![],
            _ => (0..3).map(|nth| parameter(question(size, (index + nth) % 20), index * 3 + nth)).collect(),
        },
    };
    AgentCoaching::new((0..size.of(10, 400)).map(agent).collect())
}

pub fn campaign_performance(size: Size) -> CampaignPerformance {
    let week = |index: usize| day("2025-12-29") + Days::new(7 * index as u64);
    let mood = |index: usize| {
        let calls = some(index, 30, 300);
        let positive = calls * 5 / 10;
        let negative = calls * some(index, 1, 4) / 10;
        SentimentCounts { calls, positive, negative, thousandths: some(index, -150, 420) * calls }
    };
    let campaign = |index: usize| campaign_performance::CampaignCounts {
        campaign_id: Uuid::from_u128(index as u128),
        campaign: size.name(index),
        attempts: some(index, 900, 90_000),
        leads_dialed: some(index, 500, 900),
        human: some(index, 200, 900),
        sales: some(index, 1, 99),
        codes: if index == 2 { vec![] } else { codes(size, index) },
        weeks: match index {
            2 => vec![],
            _ => (0..size.of(5, 53)).map(|nth| (week(nth), mood(nth + index))).collect(),
        },
    };
    CampaignPerformance::new((0..size.of(3, 20)).map(campaign).collect())
}
