//! Cuts calls into pages, by the key of each page's last call.

use callmetry_database::{Error, Sql, sql};
use callmetry_metrics::time;
use serde::Deserialize;
use uuid::Uuid;

use crate::Export;
use crate::filter::Key;

pub(crate) const PLAN_PAGES: Sql = sql!("sql/plan_pages.sql");

/// Calls of a page. At some 450 bytes each a page is about two thirds of the 1 MiB that the Data API returns.
pub(crate) const PAGE_ROWS: i64 = 1_500;
/// Pages that are planned at a time.
pub(crate) const CHUNK_PAGES: i64 = 180;

/// A page: the calls after one key, up to another and with it. Without a key the window is the limit.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub after: Option<Key>,
    pub until: Option<Key>,
}

/// The next pages of an export.
#[derive(Debug)]
pub struct Chunk {
    pub(crate) slices: Vec<Slice>,
    /// The key to plan on from; none when these are the last.
    pub(crate) next: Option<Key>,
}

impl Chunk {
    /// Whether there are more calls than a chunk holds, some 270,000.
    pub fn is_full(&self) -> bool {
        self.next.is_some()
    }
}

#[derive(Deserialize)]
struct Row {
    started_at: String,
    id: Uuid,
}

impl Export {
    /// Plans the pages after a key.
    pub(crate) async fn plan(&self, after: Option<Key>) -> Result<Chunk, Error> {
        let params = self
            .filter
            .params(self.tenant, self.window, after.as_ref())
            .integer("chunk_rows", PAGE_ROWS * CHUNK_PAGES)
            .integer("page_rows", PAGE_ROWS);
        let rows: Vec<Row> = self.database.read(PLAN_PAGES, params).await?;
        let full = rows.len() as i64 == CHUNK_PAGES;
        let mut slices = Vec::with_capacity(rows.len() + 1);
        let mut last = after;
        for row in rows {
            let until = Key { at: time::from_database(&row.started_at), id: row.id };
            slices.push(Slice { after: last.replace(until.clone()), until: Some(until) });
        }
        if !full {
            // What is left, and what is added at the end meanwhile.
            slices.push(Slice { after: last, until: None });
            last = None;
        }
        Ok(Chunk { slices, next: last })
    }
}
