//! Reads the pages of an export, several at once, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error, Sql, sql};
use callmetry_metrics::Window;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use serde::Deserialize;

use crate::Filter;
use crate::filter::key;
use crate::plan::{Chunk, PAGE_ROWS, Slice};
use crate::record;
use crate::rows;

pub(crate) const READ_CALLS: Sql = sql!("sql/read_calls.sql");

/// Pages in flight. More keep the database busier than an export should, and each holds a page of memory.
const IN_FLIGHT: usize = 4;
/// A page takes in what was inserted into it since it was planned; more is read on from its last key.
const LARGEST_PAGE: i64 = PAGE_ROWS + PAGE_ROWS / 3;

/// Calls to be exported.
#[derive(Clone)]
pub struct Export {
    pub(crate) database: Database,
    pub(crate) tenant: TenantScope,
    pub(crate) window: Window,
    pub(crate) filter: Filter,
    /// The most rows that fitted into an answer so far.
    limit: Arc<AtomicI64>,
    rows: Arc<AtomicI64>,
}

#[derive(Deserialize)]
struct Row {
    call: String,
}

impl Export {
    /// The calls of a tenant that began in a window.
    pub fn new(database: Database, tenant: TenantScope, window: Window, filter: Filter) -> Self {
        Self { database, tenant, window, filter, limit: Arc::new(AtomicI64::new(LARGEST_PAGE)), rows: Arc::default() }
    }

    /// How many calls were read so far.
    pub fn rows(&self) -> i64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Plans the first pages, which tells whether there are few calls or many.
    pub async fn begin(&self) -> Result<Chunk, Error> {
        self.plan(None).await
    }

    /// The rows as pieces of CSV, in order, without the header. A piece is what one call of the service returned, at most
    /// a megabyte. Reads ahead a little, and only while it is polled.
    pub fn pieces(&self, first: Chunk) -> impl Stream<Item = Result<Vec<u8>, Error>> + Send + use<'_> {
        stream::try_unfold(Some(Planned::Ready(first)), move |planned| async move {
            let chunk = match planned {
                None => return Ok(None),
                Some(Planned::Ready(chunk)) => chunk,
                Some(Planned::After(key)) => self.plan(Some(key)).await?,
            };
            let slices = stream::iter(chunk.slices.into_iter().map(Ok));
            Ok::<_, Error>(Some((slices, chunk.next.map(Planned::After))))
        })
        .try_flatten()
        .map(move |slice| async move { self.read(slice?).await })
        .buffered(IN_FLIGHT)
        // Where a page had more rows than fitted into one answer, the rest of it is read before the next page's.
        .map_ok(move |page| stream::try_unfold(Some(page), move |page| self.go_on(page)))
        .try_flatten()
    }

    /// Hands out a page's rows, and reads what follows of the same slice.
    async fn go_on(&self, page: Option<Page>) -> Result<Option<(Vec<u8>, Option<Page>)>, Error> {
        let Some(Page { piece, rest }) = page else { return Ok(None) };
        let next = match rest {
            None => None,
            Some(rest) => Some(self.read(rest).await?),
        };
        Ok(Some((piece, next)))
    }

    /// Reads a slice, or as much of it as fits into one answer, and writes its rows.
    async fn read(&self, slice: Slice) -> Result<Page, Error> {
        loop {
            let limit = self.limit.load(Ordering::Relaxed);
            let params = self.filter.params(self.tenant, self.window, slice.after.as_ref());
            let params = key(params, "until", slice.until.as_ref()).integer("page_size", limit);
            let rows: Vec<Row> = match self.database.read(READ_CALLS, params).await {
                Err(Error::TooLarge(_)) if limit > 1 => {
                    // Rows of this tenant are wide; the pages to come are taken smaller too.
                    self.limit.fetch_min((limit / 2).max(1), Ordering::Relaxed);
                    continue;
                }
                outcome => outcome?,
            };
            self.rows.fetch_add(rows.len() as i64, Ordering::Relaxed);
            let mut piece = Vec::new();
            rows::write(&mut piece, rows.iter().map(|row| row.call.as_str())).map_err(Error::Decode)?;
            let is_full = rows.len() as i64 == limit;
            let rest = match rows.last().filter(|_| is_full) {
                None => None,
                Some(last) => {
                    // The stretch of wide rows may be over.
                    self.limit.fetch_max((limit + limit / 8).min(LARGEST_PAGE), Ordering::Relaxed);
                    let after = record::key(&last.call).ok_or_else(|| Error::Decode("a call without a key".into()))?;
                    Some(Slice { after: Some(after), until: slice.until })
                }
            };
            return Ok(Page { piece, rest });
        }
    }
}

/// Rows as CSV, and what is left of their slice.
struct Page {
    piece: Vec<u8>,
    rest: Option<Slice>,
}

enum Planned {
    Ready(Chunk),
    After(crate::filter::Key),
}
