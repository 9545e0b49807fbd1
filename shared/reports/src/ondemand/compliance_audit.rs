//! Compliance checks: sums, and violations however many.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Snapshot, Sql, instant, sql};
use callmetry_metrics::Window;
use callmetry_metrics::ondemand::compliance_audit::{AuditSummary, RuleCounts, Violation};
use chrono::{DateTime, Utc};
use futures::stream::{self, Stream};
use serde::Deserialize;
use uuid::Uuid;

use super::{Filter, params};
use crate::Result;

pub(crate) const SUM_COMPLIANCE_CHECKS: Sql = sql!("../sql/sum_compliance_checks.sql");
pub(crate) const LIST_VIOLATIONS: Sql = sql!("../sql/list_violations.sql");

/// A row has at most 2,000 bytes, which in an answer may be four times as many.
const RULES: i64 = 100;
/// A page has at most as many rows as fit into an answer, and mostly these.
const VIOLATIONS: i64 = 1_000;

/// The checks of a window, as they were in one moment: the violations are as many as the sums say, also while checks are
/// added.
///
/// It is for what is read at once, and an error ends it: see [`Snapshot`].
pub struct Audit {
    /// The sums.
    pub summary: AuditSummary,
    tenant: TenantScope,
    window: Window,
    filter: Filter,
    snapshot: Snapshot,
    /// Where the next page begins; None behind the last.
    place: Option<Place>,
}

/// After this violation.
#[derive(Clone, Copy)]
struct Place(Option<(DateTime<Utc>, Uuid)>);

#[derive(Deserialize)]
struct Row {
    check_id: Uuid,
    call_id: Uuid,
    agent: Option<String>,
    campaign: Option<String>,
    rule: String,
    severity: String,
    detail: Option<String>,
    #[serde(with = "instant")]
    checked_at: DateTime<Utc>,
}

impl Audit {
    /// Begins with the sums of the checks that a filter leaves.
    pub async fn begin(database: &Database, tenant: TenantScope, window: Window, filter: Filter) -> Result<Self> {
        let snapshot = database.snapshot().await?;
        match sums(&snapshot, tenant, window, filter).await {
            Ok(summary) => Ok(Self { summary, tenant, window, filter, snapshot, place: Some(Place(None)) }),
            Err(error) => {
                snapshot.end().await;
                Err(error)
            }
        }
    }

    /// The next violations in the order of their instants, then of their ids: at most 1,000, and at most what one answer of
    /// the service carries. None behind the last.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Violation>>> {
        let Some(Place(after)) = self.place else { return Ok(None) };
        let (at, id) = after.unzip();
        let params = params(self.tenant, self.window, self.filter)
            .instant("after_at", at)
            .uuid("after_id", id)
            .integer("page_size", VIOLATIONS);
        let rows: Vec<Row> = self.snapshot.read(LIST_VIOLATIONS, params).await?;
        // A page of fewer rows may have been cut by their size, so only one without any is the end.
        self.place = rows.last().map(|row| Place(Some((row.checked_at, row.check_id))));
        Ok(self.place.map(|_| rows.into_iter().map(Violation::from).collect()))
    }

    /// All pages, in order. Ends the audit.
    pub fn pages(self) -> impl Stream<Item = Result<Vec<Violation>>> + Send {
        stream::try_unfold(Some(self), |audit| async move {
            let Some(mut audit) = audit else { return Ok::<_, Error>(None) };
            match audit.next_page().await {
                Ok(Some(page)) => Ok(Some((page, Some(audit)))),
                outcome => {
                    audit.end().await;
                    outcome.map(|_| None)
                }
            }
        })
    }

    /// The first violations, so many at most. Ends the audit.
    pub async fn first(mut self, limit: usize) -> Result<Vec<Violation>> {
        let mut violations = Vec::new();
        let outcome = loop {
            if violations.len() >= limit {
                break Ok(());
            }
            match self.next_page().await {
                Ok(Some(page)) => violations.extend(page),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.end().await;
        violations.truncate(limit);
        outcome.map(|()| violations)
    }

    /// Ends it. Left out, the service does it in the end.
    pub async fn end(self) {
        self.snapshot.end().await;
    }
}

async fn sums(snapshot: &Snapshot, tenant: TenantScope, window: Window, filter: Filter) -> Result<AuditSummary> {
    let mut counts: Vec<RuleCounts> = Vec::new();
    loop {
        let last = counts.last();
        let params = params(tenant, window, filter)
            .text("after_rule", last.map(|counts| counts.rule.as_str()))
            .text("after_severity", last.map(|counts| counts.severity.as_str()))
            .integer("page_size", RULES);
        let page: Vec<RuleCounts> = snapshot.read(SUM_COMPLIANCE_CHECKS, params).await?;
        let is_full = page.len() as i64 == RULES;
        counts.extend(page);
        if !is_full {
            return Ok(AuditSummary::new(counts));
        }
    }
}

impl From<Row> for Violation {
    fn from(row: Row) -> Self {
        Self {
            check_id: row.check_id,
            call_id: row.call_id,
            agent: row.agent,
            campaign: row.campaign,
            rule: row.rule,
            severity: row.severity,
            detail: row.detail,
            checked_at: row.checked_at,
        }
    }
}
