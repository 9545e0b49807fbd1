//! The demo's promises: the same on every run, nothing after now, tables that fit together, figures of a real centre.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::book::Book;
use super::rows::Sheet;
use super::world::World;
use super::{CENTRES, happened, sheets};

/// A Monday morning, a Sunday night, right after midnight in Madrid, and the days of both changes of the clocks.
const NOWS: [&str; 5] = [
    "2026-11-16T10:00:00Z",
    "2026-11-15T03:00:00Z",
    "2026-07-09T22:00:01Z",
    "2026-10-25T01:30:00Z",
    "2027-03-28T20:00:00Z",
];

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A table as it will be read back.
struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    text: String,
}

impl Table {
    fn rows(&self) -> impl Iterator<Item = Vec<&str>> {
        self.text.lines().map(|line| line.split('\t').collect())
    }

    fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|column| *column == name).expect("a column of the table")
    }
}

fn tables(centre: usize, now: &str) -> HashMap<&'static str, Table> {
    let table = |sheet: Sheet| {
        let rest = sheet.statement.strip_prefix("copy ").and_then(|rest| rest.strip_suffix(") from stdin"));
        let (name, columns) = rest.and_then(|rest| rest.split_once(" (")).expect("a COPY statement");
        (name, Table { name, columns: columns.split(", ").collect(), text: sheet.text })
    };
    sheets(&CENTRES[centre], instant(now)).into_iter().map(table).collect()
}

#[test]
fn every_run_makes_the_same() {
    for centre in &CENTRES {
        let texts = || sheets(centre, instant(NOWS[0])).into_iter().map(|sheet| sheet.text).collect::<Vec<_>>();
        assert!(texts() == texts());
    }
}

#[test]
fn nothing_is_after_now_and_every_reference_is_there() {
    for now in NOWS {
        let tables = tables(1, now);
        let ids = |table: &str| {
            let id = tables[table].column("id");
            tables[table].rows().map(|row| row[id]).collect::<HashSet<_>>()
        };
        let references = [
            ("agent_id", ids("agents")),
            ("campaign_id", ids("campaigns")),
            ("lead_id", ids("leads")),
            ("call_id", ids("cdrs")),
            ("scorecard_id", ids("qa_scorecards")),
        ];
        for table in tables.values() {
            for (index, column) in table.columns.iter().enumerate() {
                let values = || table.rows().map(|row| row[index].to_owned()).filter(|value| value != "\\N");
                if column.ends_with("_at") || *column == "state_since" {
                    let last = values().max().expect("a time");
                    assert!(last[..19] <= now[..19], "{}.{column} {last} after {now}", table.name);
                }
                if let Some((_, known)) = references.iter().find(|(reference, _)| reference == column) {
                    assert!(values().all(|value| known.contains(value.as_str())), "{}.{column}", table.name);
                }
            }
        }
    }
}

#[test]
fn a_later_start_only_adds() {
    let earlier = sheets(&CENTRES[0], instant("2026-11-16T10:00:00Z"));
    let later = sheets(&CENTRES[0], instant("2026-11-16T19:00:00Z"));
    for (earlier, later) in earlier.iter().zip(&later) {
        let later: HashSet<_> = later.text.lines().collect();
        let missing = earlier.text.lines().filter(|line| !later.contains(line)).count();
        // The live states, the open intervals, and the calls and drafts of that moment have gone on since.
        assert!(missing <= 40, "{missing} of {}", earlier.statement);
    }
}

#[test]
fn states_tile_the_days_and_the_last_is_the_live_one() {
    for now in NOWS {
        let tables = tables(0, now);
        let (agents, intervals) = (&tables["agents"], &tables["agent_state_intervals"]);
        let [id, state, since] = ["id", "state", "state_since"].map(|name| agents.column(name));
        let live: HashMap<_, _> = agents.rows().map(|row| (row[id], (row[state], row[since]))).collect();
        let [agent, state, entered, left] =
            ["agent_id", "state", "entered_at", "left_at"].map(|name| intervals.column(name));
        let mut until = HashMap::new();
        for row in intervals.rows() {
            let before = until.insert(row[agent], row[left]).unwrap_or(row[entered]);
            assert_eq!(before, row[entered]);
            if row[left] == "\\N" {
                assert_eq!(live[row[agent]], (row[state], row[entered]));
            }
        }
        assert_eq!(until.len(), live.len());
        assert!(until.values().all(|left| *left == "\\N"));
    }
}

#[test]
fn busy_is_the_talk_of_the_calls() {
    let (_, book) = happened(&CENTRES[0], instant(NOWS[0]));
    let busy: HashSet<_> =
        book.spans.iter().filter(|span| span.state == "busy").map(|span| (span.agent, span.from, span.to)).collect();
    let talks: HashSet<_> =
        book.calls.iter().filter_map(|call| Some((call.agent?, call.answered?, Some(call.ended)))).collect();
    assert!(!busy.is_empty() && busy == talks);
}

#[test]
fn figures_are_those_of_a_centre() {
    for (index, sizes) in [(0, (80_000.0, 32_000.0)), (1, (40_000.0, 16_000.0))] {
        for now in NOWS {
            let (world, book) = happened(&CENTRES[index], instant(now));
            let between = |name: &str, value: f64, low: f64, high: f64| {
                assert!((low..=high).contains(&value), "{name} of {} at {now}: {value}", world.centre.tenant.slug);
            };
            between("attempts", book.attempts.len() as f64, 0.8 * sizes.0, 1.2 * sizes.0);
            between("calls", book.calls.len() as f64, 0.8 * sizes.1, 1.2 * sizes.1);
            let human = count(&book.attempts, |attempt| attempt.answered_by == Some("human"));
            let sales = count(&book.attempts, |attempt| matches!(attempt.code, Some("SALE" | "RENEW" | "PAID")));
            let abandoned = count(&book.attempts, |attempt| attempt.abandoned);
            between("contact rate", human / book.attempts.len() as f64, 0.15, 0.35);
            between("conversion rate", sales / human, 0.05, 0.15);
            between("abandonment rate", abandoned / book.attempts.len() as f64, 0.02, 0.04);
            between("ASR", count(&book.calls, |call| call.answered.is_some()) / book.calls.len() as f64, 0.55, 0.75);
            between("occupancy", occupancy(&book), 0.6, 0.85);
            caps(&world, &book);
        }
    }
}

fn count<T>(items: &[T], which: impl Fn(&T) -> bool) -> f64 {
    items.iter().filter(|item| which(item)).count() as f64
}

fn occupancy(book: &Book) -> f64 {
    let time = |state: &str| -> i64 {
        book.spans.iter().filter(|span| span.state == state).filter_map(|span| Some(span.to? - span.from)).sum()
    };
    let working = (time("busy") + time("wrap")) as f64;
    working / (working + time("available") as f64)
}

/// One campaign breaches its cap, one is close below; one of Acme's has no attempts.
fn caps(world: &World, book: &Book) {
    let ratio = |index: usize, cap: i64| {
        let attempts = count(&book.attempts, |attempt| attempt.campaign == index);
        let abandoned = count(&book.attempts, |attempt| attempt.campaign == index && attempt.abandoned);
        abandoned / attempts.max(1.0) * 10_000.0 / cap as f64
    };
    let ratios: Vec<_> =
        world.campaigns.iter().enumerate().map(|(index, campaign)| ratio(index, campaign.plan.cap)).collect();
    assert!(ratios.iter().any(|&ratio| ratio > 1.05), "{ratios:?}");
    assert!(ratios.iter().any(|&ratio| ratio > 0.85 && ratio < 0.99), "{ratios:?}");
}
