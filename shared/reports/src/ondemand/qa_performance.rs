//! Quality: what submitted evaluations say.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::Window;
use callmetry_metrics::ondemand::qa_performance::{QaCounts, QaPerformance};
use callmetry_metrics::ondemand::{Named, ParameterCounts, QualityCounts};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::{Filter, numbered, params};
use crate::Result;

pub(crate) const SUMMARIZE_QUALITY: Sql = sql!("../sql/summarize_quality.sql");

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Question,
    Week,
    Agent,
    Campaign,
}

#[derive(Deserialize)]
struct Row {
    number: i64,
    part: Part,
    week: Option<NaiveDate>,
    id: Option<Uuid>,
    name: Option<String>,
    evaluations: i64,
    scored: i64,
    passed: i64,
    score_hundredths: i64,
    answered: i64,
    points_hundredths: i64,
    weight_hundredths: i64,
    newest_weight_hundredths: i64,
}

/// The quality that the evaluations show which a filter leaves.
pub async fn read(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<QaPerformance> {
    let rows: Vec<Row> = database
        .read_pages(SUMMARIZE_QUALITY, |last: Option<&Row>, page_size| {
            numbered(params(tenant, window, filter), last.map(|row| row.number), page_size)
        })
        .await?;
    let mut counts = QaCounts::default();
    for row in rows {
        let quality = QualityCounts {
            evaluations: row.evaluations,
            scored: row.scored,
            passed: row.passed,
            score_hundredths: row.score_hundredths,
        };
        match row.part {
            Part::Question => counts.parameters.push(ParameterCounts {
                parameter: row.name.unwrap_or_default(),
                answered: row.answered,
                passed: row.passed,
                points_hundredths: row.points_hundredths,
                weight_hundredths: row.weight_hundredths,
                newest_weight_hundredths: row.newest_weight_hundredths,
            }),
            Part::Week => counts.weeks.push((row.week.unwrap_or_default(), quality)),
            Part::Agent => counts.agents.push((Named { id: row.id, name: row.name }, quality)),
            Part::Campaign => counts.campaigns.push((Named { id: row.id, name: row.name }, quality)),
        }
    }
    Ok(counts.into())
}
