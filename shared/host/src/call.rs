//! One call of a route by somebody who may make it.

use callmetry_access::{Caller, Rank, TenantScope};
use callmetry_database::Database;
use callmetry_metrics::Window;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{Error, Query, Reply};

/// A call. That it exists means that its caller has at least the role `R`.
pub struct Call<R: Rank> {
    /// Who calls.
    pub caller: Caller<R>,
    /// The query, still to be read.
    pub query: Query,
    /// The database, until shortly before the function's time is up.
    pub database: Database,
    /// When the call came in.
    pub now: DateTime<Utc>,
}

#[derive(Serialize)]
struct Report<'a, T> {
    report: &'a str,
    tenant_id: TenantScope,
    #[serde(serialize_with = "callmetry_metrics::time::instant")]
    from: DateTime<Utc>,
    #[serde(serialize_with = "callmetry_metrics::time::instant")]
    to: DateTime<Utc>,
    #[serde(serialize_with = "callmetry_metrics::time::instant")]
    generated_at: DateTime<Utc>,
    #[serde(flatten)]
    part: T,
}

impl<R: Rank> Call<R> {
    /// The tenant that `?tenant_id=` asks for, else the caller's own.
    pub async fn tenant(&self, asked: Option<Uuid>) -> Result<TenantScope, Error> {
        Ok(self.caller.tenant(asked, &self.database).await?)
    }

    /// A report's own part in the frame that all five share.
    pub fn report(
        &self,
        report: &str,
        tenant_id: TenantScope,
        window: Window,
        part: impl Serialize,
    ) -> Result<Reply, Error> {
        Reply::json(&Report { report, tenant_id, from: window.from(), to: window.to(), generated_at: self.now, part })
    }
}
