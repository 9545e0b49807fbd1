//! The document of `agent_coaching`.

use callmetry_metrics::ondemand::agent_coaching::{AgentCoaching, AgentRow};

use super::Content;
use super::qa_performance::{pass_rate, score};
use crate::numbers::{count, mean, rate};
use crate::text;
use crate::view::{Cell, Column, Section, Table};

const DEFINITIONS: [(&str, &str); 8] = [
    ("Order", "The weakest first: by overall score, then by pass rate, then by name. Agents without a score are last."),
    ("Calls, talk time", "Calls of the agent that started in the period, and the sum of their talk seconds."),
    (
        "Occupancy",
        "(busy + wrap) / (available + busy + wrap), of the seconds of completed intervals that ended in the period.",
    ),
    ("Calls evaluated", "Evaluations of the agent that were submitted in the period."),
    ("Overall score, pass rate", "Their mean score, 0 to 100, and those that pass / those that have a score."),
    (
        "Lowest parameters",
        "The three questions that most points are lost at. Those that are always \"na\" are left out.",
    ),
    ("Points lost", "The mean of weight minus points, where the question is not \"na\". The maximum is its weight."),
    ("Focus areas", "Those of the lowest parameters that lose points and that less than 80 % of the evaluations pass."),
];

/// Of how many agents, the weakest, it says what costs them most: those whom somebody will talk to.
const MOST_COACHED: usize = 100;

pub fn content(report: &AgentCoaching) -> Content {
    let weakest = &report.agents[..report.agents.len().min(MOST_COACHED)];
    let note = (weakest.len() < report.agents.len()).then(|| {
        format!("Of the {MOST_COACHED} weakest agents. The CSV and the JSON of this report have those of all agents.")
    });
    Content {
        title: "Agent coaching",
        sections: vec![agents(&report.agents), focus_areas(weakest, note.clone()), lowest_parameters(weakest, note)],
        definitions: DEFINITIONS.to_vec(),
    }
}

fn agents(agents: &[AgentRow]) -> Section {
    let rows = agents.iter().map(|row| {
        vec![
            text::name(&row.agent).into(),
            count(row.calls).into(),
            count(row.talk_secs).into(),
            rate(row.occupancy).into(),
            count(row.calls_evaluated).into(),
            score(row.overall_score),
            rate(row.pass_rate).into(),
        ]
    });
    let table = Table {
        columns: vec![
            Column::text("Agent", 2.4),
            Column::number("Calls"),
            Column::number("Talk time (s)"),
            Column::number("Occupancy"),
            Column::number("Calls evaluated"),
            Column::bar("Overall score"),
            Column::number("Pass rate"),
        ],
        rows: rows.collect(),
        total: None,
    };
    let note = Some("The weakest first; those without a score are last.".to_owned());
    Section { note, ..Section::new("Agents") }.with(table, "There are no agents.")
}

fn focus_areas(agents: &[AgentRow], note: Option<String>) -> Section {
    let rows = agents.iter().flat_map(|row| {
        let areas = row.focus_areas.iter().map(|area| vec![text::detail(area).into()]);
        beside(text::name(&row.agent), areas)
    });
    let table = Table {
        columns: vec![Column::text("Agent", 1.0), Column::text("What to talk about", 2.5)],
        rows: rows.collect(),
        total: None,
    };
    Section { note, ..Section::new("Focus areas") }.with(table, "No agent has one in this period.")
}

fn lowest_parameters(agents: &[AgentRow], note: Option<String>) -> Section {
    let rows = agents.iter().flat_map(|row| {
        let parameters = row.lowest_parameters.iter().map(|parameter| {
            vec![
                text::name(&parameter.parameter).into(),
                mean(parameter.avg_score).into(),
                mean(Some(parameter.max_score)).into(),
                mean(parameter.points_lost).into(),
                pass_rate(parameter.pass_rate),
            ]
        });
        beside(text::name(&row.agent), parameters)
    });
    let table = Table {
        columns: vec![
            Column::text("Agent", 2.0),
            Column::text("Parameter", 2.4),
            Column::number("Average"),
            Column::number("Maximum"),
            Column::number("Points lost"),
            Column::bar("Pass rate"),
        ],
        rows: rows.collect(),
        total: None,
    };
    Section { note, ..Section::new("Lowest parameters") }.with(table, "No agent was evaluated in this period.")
}

/// These rows beside the agent's name.
fn beside(name: String, rows: impl ExactSizeIterator<Item = Vec<Cell>>) -> Vec<Vec<Cell>> {
    let mut name = Some(Cell { text: name, bar: None, rows: Some(rows.len()) });
    rows.map(|row| name.take().into_iter().chain(row).collect()).collect()
}
