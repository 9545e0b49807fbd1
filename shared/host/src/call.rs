//! One call of a route by somebody who may make it.

use std::collections::HashMap;

use callmetry_access::{Caller, Rank, TenantScope};
use callmetry_database::Database;
use callmetry_render::{Tabular, csv};
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{Body, Error, Format, IdempotencyKey, Query, Reply, ReportQuery};

/// A call. That it exists means that its caller has at least the role `R`.
pub struct Call<R: Rank> {
    /// Who calls.
    pub caller: Caller<R>,
    /// The query, still to be read.
    pub query: Query,
    /// The body, still to be read.
    pub body: Body,
    /// The `{...}` of the path.
    pub path: Path,
    /// The `Idempotency-Key` header, still to be read.
    pub idempotency_key: IdempotencyKey,
    /// Whether the client accepts gzip.
    pub accepts_gzip: bool,
    /// The address that the client called, without a slash at its end: `https://api.example`.
    pub base_url: String,
    /// The database, until shortly before the function's time is up.
    pub database: Database,
    /// When the call came in.
    pub now: DateTime<Utc>,
    /// When to have answered.
    pub deadline: Instant,
}

/// A call of a route that is open to anybody.
pub struct Open {
    /// The query, still to be read.
    pub query: Query,
    /// The `{...}` of the path.
    pub path: Path,
    /// The database, until shortly before the function's time is up.
    pub database: Database,
    /// When the call came in.
    pub now: DateTime<Utc>,
}

/// The `{...}` of a route's path, decoded.
#[derive(Debug, Default)]
pub struct Path(pub(crate) HashMap<String, String>);

impl Path {
    /// One of them.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// An id of a row. What is no UUID is the id of nothing.
    pub fn id(&self, name: &str, what: &'static str) -> Result<Uuid, Error> {
        let text = self.text(name);
        Uuid::parse_str(text).ok().filter(|_| text.len() == 36).ok_or(Error::NotFound(what))
    }
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

    /// Refuses every parameter: for routes that take none.
    pub fn without_query(&mut self) -> Result<(), Error> {
        std::mem::take(&mut self.query).finish()
    }

    /// Refuses a body: for routes that take none. One without a field is none.
    pub fn without_body(&self) -> Result<(), Error> {
        if self.body.is_empty() { Ok(()) } else { self.body.read(|_| Some(())) }
    }

    /// A new id, for a row or as the token of a write.
    #[allow(clippy::disallowed_methods, reason = "ids are made here")]
    pub fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }

    /// A report as its query asks for it: `part` in the frame that all share, or a table of `tables`.
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
