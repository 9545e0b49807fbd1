//! What comes after a call: automatic checks, and people who evaluate it.

use callmetry_metrics::Decimal2;
use callmetry_metrics::score::{Answer, Question, QuestionKind, Score, score};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::book::{Book, Call};
use super::dice::Dice;
use super::scorecards::{Item, Rule, Version};
use super::world::{MINUTE, Ms, SECOND, World};

/// The share of agents' calls that is checked automatically.
const CHECKED: f64 = 0.09;

/// A rule applied to a call.
pub(super) struct Check {
    pub(super) id: Uuid,
    pub(super) call: Uuid,
    pub(super) agent: Option<usize>,
    pub(super) campaign: Option<usize>,
    pub(super) rule: &'static Rule,
    pub(super) passed: bool,
    pub(super) at: Ms,
}

pub(super) struct Evaluation {
    pub(super) id: Uuid,
    pub(super) call: Uuid,
    pub(super) agent: usize,
    pub(super) evaluator: &'static str,
    /// Index of the centre's cards, and of the card's versions.
    pub(super) card: usize,
    pub(super) version: usize,
    pub(super) answers: Value,
    pub(super) points: Value,
    pub(super) score: Score,
    pub(super) comment: Option<&'static str>,
    pub(super) created: Ms,
    /// None while it is a draft.
    pub(super) submitted: Option<Ms>,
}

/// Checks and evaluates the calls of a day, which are the book's from `first_call` on.
pub(super) fn review(world: &World, day: i64, first_call: usize, dice: &mut Dice, book: &mut Book) {
    for call in &book.calls[first_call..] {
        let Some(agent) = call.agent else { continue };
        if dice.chance(CHECKED) {
            check(world, call, world.agents[agent].skill, dice, &mut book.checks);
        }
        if dice.chance(world.centre.evaluated) {
            book.evaluations.push(evaluate(world, day, call.id, agent, dice));
        }
    }
}

fn check(world: &World, call: &Call, skill: f64, dice: &mut Dice, checks: &mut Vec<Check>) {
    let at = call.ended + dice.between(MINUTE..=9 * MINUTE);
    for rule in world.centre.rules {
        let (drawn, failed) = (dice.chance(0.5), dice.unit());
        let passed = match rule.fails {
            Some(rate) => drawn.then_some(failed >= rate * (1.6 - 1.2 * skill)),
            None => in_calling_hours(world, call),
        };
        let Some(passed) = passed else { continue };
        let (id, agent, campaign) = (dice.id(), call.agent, call.campaign);
        checks.push(Check { id, call: call.id, agent, campaign, rule, passed, at });
    }
}

/// None where there are no hours to keep.
fn in_calling_hours(world: &World, call: &Call) -> Option<bool> {
    let hours = world.campaigns[call.campaign.filter(|_| !call.inbound)?].plan.hours?;
    let zone = call.lead.and_then(|lead| world.leads[lead].zone);
    Some(world.calendar.inside(hours, zone, call.started))
}

/// Somebody listens to the recording on one of the next working days, and now and then is interrupted for good.
fn evaluate(world: &World, call_day: i64, call: Uuid, agent: usize, dice: &mut Dice) -> Evaluation {
    let mut day = call_day - dice.between(1..=3);
    while world.calendar.weekday(day) > 4 {
        day -= 1;
    }
    let created = world.calendar.at(day, 9 * 60 + 30) + dice.between(0..=7 * 60 * MINUTE);
    let submitted = created + dice.between(4 * 60 * SECOND..=28 * MINUTE);
    let submitted = (!dice.chance(0.04)).then_some(submitted);

    let card = world.agents[agent].crew.card;
    let versions = world.centre.cards[card].versions;
    let version = versions.iter().rposition(|version| version.age > day).unwrap_or_default();
    let Version { questions, pass_score, .. } = &versions[version];
    let (skill, form) = (world.agents[agent].skill, dice.unit() * 0.3 - 0.15);
    let mut asked: Vec<_> = questions.iter().map(|item| Some(answer(item, skill, form, dice))).collect();
    if submitted.is_none()
        && let Some(last) = asked.last_mut()
    {
        *last = None;
    }
    let scored: Vec<_> = questions.iter().map(question).zip(asked.iter().copied()).collect();
    let score = score(&scored, Decimal2::from_units(pass_score * 100));
    Evaluation {
        id: dice.id(),
        call,
        agent,
        evaluator: dice.pick(world.centre.evaluators),
        card,
        version,
        answers: answers_json(questions, &asked),
        points: points_json(questions, &score),
        comment: comment(&score, dice),
        score,
        created,
        submitted,
    }
}

/// How an agent of this skill does on a good or bad call (`form`, -0.15 to 0.15).
fn answer(item: &Item, skill: f64, form: f64, dice: &mut Dice) -> Answer {
    let (not_applicable, luck) = (dice.chance(0.08), dice.unit());
    if item.allow_na && not_applicable {
        return Answer::NotApplicable;
    }
    match item.kind {
        QuestionKind::Scale1To5 => {
            let ability = 0.58 + 0.45 * skill - item.difficulty + form + (luck - 0.5) * 0.4;
            Answer::Scale((1.0 + 4.0 * ability.clamp(0.0, 1.0) + 0.5) as u8)
        }
        QuestionKind::YesNo if item.critical => Answer::YesNo(luck < 0.93 + 0.065 * skill),
        QuestionKind::YesNo => Answer::YesNo(luck < 0.72 + 0.32 * skill - item.difficulty + form),
    }
}

fn question(item: &Item) -> Question {
    Question { kind: item.kind, weight: weight(item), critical: item.critical }
}

fn weight(item: &Item) -> Decimal2 {
    Decimal2::from_units(item.weight * 100)
}

fn comment(score: &Score, dice: &mut Dice) -> Option<&'static str> {
    const PRAISE: [&str; 2] = ["A call to play in training.", "Calm and complete, thank you."];
    const ADVICE: [&str; 3] =
        ["Talk this one over together.", "Rushed: let the customer finish.", "Listen to the first minute again."];
    let said = dice.chance(0.5);
    let (praise, advice) = (dice.pick(&PRAISE), dice.pick(&ADVICE));
    let comment = match score.score?.units() {
        9_500.. => praise,
        ..6_500 => advice,
        _ => return None,
    };
    said.then_some(comment)
}

/// The questions of a version, as the database keeps them.
pub(super) fn questions_json(questions: &[Item]) -> Value {
    let question = |item: &Item| {
        json!({
            "id": item.id,
            "text": item.text,
            "type": item.kind,
            "weight": item.weight,
            "critical": item.critical,
            "allow_na": item.allow_na,
        })
    };
    questions.iter().map(question).collect()
}

fn answers_json(questions: &[Item], answers: &[Option<Answer>]) -> Value {
    let given =
        questions.iter().zip(answers).filter_map(|(item, answer)| Some((item.id.to_owned(), json!((*answer)?))));
    Value::Object(given.collect::<Map<_, _>>())
}

fn points_json(questions: &[Item], score: &Score) -> Value {
    let rows = questions.iter().zip(&score.points).map(|(item, points)| {
        json!({
            "question_id": item.id,
            "text": item.text,
            "points": points,
            "weight": item.weight,
        })
    });
    rows.collect()
}
