//! One call of a route by somebody who may make it.

use callmetry_access::{Caller, Rank, TenantScope};
use callmetry_database::Database;
use callmetry_render::{Tabular, csv};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{Error, Format, Query, Reply, ReportQuery};

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
    part: &'a T,
}

impl<R: Rank> Call<R> {
    /// The tenant that `?tenant_id=` asks for, else the caller's own.
    pub async fn tenant(&self, asked: Option<Uuid>) -> Result<TenantScope, Error> {
        Ok(self.caller.tenant(asked, &self.database).await?)
    }

    /// A report as its query asks for it: `part` in the frame that all five share, or a table of `tables`.
    pub fn report<T: Tabular>(
        &self,
        query: &ReportQuery,
        report: &str,
        tenant_id: TenantScope,
        part: &impl Serialize,
        tables: &T,
    ) -> Result<Reply, Error> {
        let window = query.window()?;
        let (from, to) = (window.from(), window.to());
        match query.format {
            Format::Json => Reply::json(&Report { report, tenant_id, from, to, generated_at: self.now, part }),
            Format::Csv { section, bom } => {
                let table = tables.table(section).map_err(|error| Error::Internal(format!("a table: {error}")))?;
                let is_default = T::SECTIONS.first() == Some(&section);
                let name = if is_default { report.to_owned() } else { format!("{report}_{section}") };
                Reply::csv(&table, bom, &csv::file_name(&name, from, to))
            }
        }
    }
}
