//! Scorecards: weighted questions, in versions that never change.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Params, Sql, instant, json, sql};
use callmetry_metrics::{Decimal2, score, time};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Place, met_another, of, page_after};

pub(crate) const CREATE_SCORECARD: Sql = sql!("sql/create_scorecard.sql");
pub(crate) const REVISE_SCORECARD: Sql = sql!("sql/revise_scorecard.sql");
pub(crate) const ARCHIVE_SCORECARD: Sql = sql!("sql/archive_scorecard.sql");
pub(crate) const FIND_SCORECARD: Sql = sql!("sql/find_scorecard.sql");
pub(crate) const LIST_SCORECARDS: Sql = sql!("sql/list_scorecards.sql");

/// The most that the questions of a scorecard take on their way from the database, in bytes: the Data API carries 64 KB a row,
/// and that of an evaluation repeats them beside the answers and the comment.
pub const MOST_QUESTIONS_BYTES: usize = 32 * 1024;

/// A question, as clients send it and as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name within the scorecard.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// How it is answered.
    #[serde(rename = "type")]
    pub kind: score::QuestionKind,
    /// What it counts beside the others; greater than 0.
    pub weight: Decimal2,
    /// Whether failing it makes the whole score 0.
    pub critical: bool,
    /// Whether it may be answered "na".
    pub allow_na: bool,
}

/// What a version of a scorecard says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its name.
    pub name: String,
    /// The score from which on an evaluation passes, 0 to 100.
    pub pass_score: Decimal2,
    /// Its questions, in their order. Ids are unique.
    pub questions: Vec<Question>,
}

/// A scorecard as its current version says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Its id, the same for all versions.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The score from which on an evaluation passes, 0 to 100.
    pub pass_score: Decimal2,
    /// Its questions, in their order.
    #[serde(deserialize_with = "json::deserialize")]
    pub questions: Vec<Question>,
    /// 1 for the first.
    pub version: i64,
    /// Whether it takes no new evaluations any more.
    pub archived: bool,
    /// When the scorecard was made.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub created_at: DateTime<Utc>,
    /// When the current version was made, or the scorecard archived.
    #[serde(deserialize_with = "instant::deserialize", serialize_with = "time::instant")]
    pub updated_at: DateTime<Utc>,
}

/// Why a scorecard was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// The tenant has no such scorecard.
    #[error("no such scorecard")]
    Unknown,
    /// It is archived.
    #[error("the scorecard is archived")]
    Archived,
    /// The database.
    #[error(transparent)]
    Database(#[from] callmetry_database::Error),
}

impl Content {
    /// The questions as JSON, as they are kept.
    pub fn questions_json(&self) -> String {
        serde_json::to_string(&self.questions).unwrap_or_default()
    }

    /// How many bytes the questions take on their way from the database: JSON in a text of JSON, where each quote and
    /// backslash counts twice.
    pub fn transfer_bytes(&self) -> usize {
        serde_json::to_string(&self.questions_json()).unwrap_or_default().len()
    }

    fn params(&self, tenant: TenantScope, id: Uuid, token: Uuid) -> Params {
        of(tenant)
            .uuid("id", id)
            .uuid("write_token", token)
            .text("name", self.name.as_str())
            .text("pass_score", self.pass_score.to_string().as_str())
            .text("questions", self.questions_json().as_str())
    }

    fn at_version(self, id: Uuid, version: i64, created_at: DateTime<Utc>, updated_at: DateTime<Utc>) -> Scorecard {
        let Self { name, pass_score, questions } = self;
        Scorecard { id, name, pass_score, questions, version, archived: false, created_at, updated_at }
    }
}

/// Makes a scorecard with this id, in its first version.
pub async fn create(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
    content: Content,
) -> Result<Scorecard, callmetry_database::Error> {
    #[derive(Deserialize)]
    struct Created {
        #[serde(with = "instant")]
        created_at: DateTime<Utc>,
    }
    // The first version's token is the scorecard's id: both are made by the same write.
    let rows: Vec<Created> = database.write_keyed(CREATE_SCORECARD, content.params(tenant, id, id)).await?;
    let created = rows.first().ok_or_else(|| callmetry_database::Error::Decode("no scorecard came back".into()))?;
    Ok(content.at_version(id, 1, created.created_at, created.created_at))
}

/// Adds a version. Evaluations keep the one that they were begun with.
///
/// `token` is the write's own: repeated with it, the version is not added again.
pub async fn revise(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
    token: Uuid,
    content: Content,
) -> Result<Scorecard, Unchanged> {
    #[derive(Deserialize)]
    struct Revised {
        version: i64,
        #[serde(with = "instant")]
        created_at: DateTime<Utc>,
        #[serde(with = "instant")]
        updated_at: DateTime<Utc>,
    }
    let write = || database.write_keyed(REVISE_SCORECARD, content.params(tenant, id, token));
    let rows: Vec<Revised> = match write().await {
        Err(error) if met_another(&error) => write().await?,
        rows => rows?,
    };
    match rows.first() {
        Some(row) => Ok(content.at_version(id, row.version, row.created_at, row.updated_at)),
        None if find(database, tenant, id).await?.is_some() => Err(Unchanged::Archived),
        None => Err(Unchanged::Unknown),
    }
}

/// Archives a scorecard: it takes no new evaluations, and nothing of it is lost. Done twice it is the same.
pub async fn archive(database: &Database, tenant: TenantScope, id: Uuid) -> Result<(), Unchanged> {
    #[derive(Deserialize)]
    struct Archived {}
    let rows: Vec<Archived> = database.write_keyed(ARCHIVE_SCORECARD, of(tenant).uuid("id", id)).await?;
    if rows.is_empty() { Err(Unchanged::Unknown) } else { Ok(()) }
}

/// A scorecard of the tenant, archived or not.
pub async fn find(
    database: &Database,
    tenant: TenantScope,
    id: Uuid,
) -> Result<Option<Scorecard>, callmetry_database::Error> {
    database.read_optional(FIND_SCORECARD, of(tenant).uuid("id", id)).await
}

/// Up to `limit` scorecards after a place, newest first. `archived`: only these, or all.
pub async fn list(
    database: &Database,
    tenant: TenantScope,
    archived: Option<bool>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Scorecard>, callmetry_database::Error> {
    let params = |last: Option<&Scorecard>, page_size| {
        let place = last.map(|card| (card.created_at, card.id)).or(after);
        page_after(of(tenant).flag("archived", archived), place, page_size)
    };
    database.read_up_to(LIST_SCORECARDS, params, limit).await
}
