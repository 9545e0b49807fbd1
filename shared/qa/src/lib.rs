//! Quality: scorecards, evaluations of calls against them, and what they say of agents.
//!
//! The score is made here and nowhere else, from answers that fit the questions of a version; no client can make one.
//! Everything takes a `TenantScope`: another tenant's call, scorecard or evaluation is as good as none.
//!
//! Writes carry an id or a token that their caller made, so that repeating one after a lost answer gives the same answer.
#![warn(missing_docs)]

pub mod agent_scores;
pub mod evaluations;
pub mod scorecards;

use callmetry_access::TenantScope;
use callmetry_database::{Error, Params, Sql};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A place in a list that is sorted by creation, newest first: when its row was created, and the row's id.
pub type Place = (DateTime<Utc>, Uuid);

/// Every statement of this crate with the names that it is bound with.
pub fn statements() -> Vec<(Sql, Params)> {
    let names = |names: &[&str]| names.iter().fold(Params::new(), |params, name| params.text(name, None));
    let write = names(&["tenant_id", "id", "write_token", "name", "pass_score", "questions"]);
    let one = names(&["tenant_id", "id"]);
    vec![
        (scorecards::CREATE_SCORECARD, write.clone()),
        (scorecards::REVISE_SCORECARD, write),
        (scorecards::ARCHIVE_SCORECARD, one.clone()),
        (scorecards::FIND_SCORECARD, one.clone()),
        (scorecards::LIST_SCORECARDS, names(&["tenant_id", "archived", "after_at", "after_id", "page_size"])),
        (evaluations::FIND_EVALUATION_BASIS, names(&["tenant_id", "call_id", "evaluator_id", "scorecard_id"])),
        (
            evaluations::SAVE_EVALUATION,
            names(&[
                "tenant_id",
                "id",
                "call_id",
                "evaluator_id",
                "scorecard_id",
                "scorecard_version",
                "status",
                "answers",
                "score",
                "passed",
                "points",
                "comment",
                "kept_scorecard_id",
                "kept_version",
            ]),
        ),
        (evaluations::FIND_EVALUATION, one),
        (
            evaluations::LIST_EVALUATIONS,
            names(&["tenant_id", "from", "to", "agent_id", "call_id", "status", "after_at", "after_id", "page_size"]),
        ),
        (agent_scores::SUM_AGENT_SCORES, names(&["tenant_id", "from", "to", "after_name", "after_id", "page_size"])),
    ]
}

fn of(tenant: TenantScope) -> Params {
    Params::new().uuid("tenant_id", tenant.id())
}

/// Adds the place after which a page begins, and its size.
fn page_after(params: Params, place: Option<Place>, page_size: i64) -> Params {
    let (at, id) = place.unzip();
    params.instant("after_at", at).uuid("after_id", id).integer("page_size", page_size)
}

/// Whether the write met another one of the same key that was still going on. Repeated, it finds what that one did.
fn met_another(error: &Error) -> bool {
    const UNIQUE_VIOLATION: &str = "23505";
    error.is_sqlstate(UNIQUE_VIOLATION)
}
