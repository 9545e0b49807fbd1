//! Results past 1 MiB, by key.

use serde::de::DeserializeOwned;

use crate::{Database, Error, Params, Snapshot, Sql};

/// Rows of the first try. A row of a report is under 500 bytes of JSON, so this is well under 1 MiB.
const PAGE: i64 = 1_000;

/// Snapshots that may be lost before it is given up.
const SNAPSHOTS: u32 = 5;

impl Database {
    /// Reads all rows of a statement that is ordered by a key and takes the key to start after, and `page_size`.
    ///
    /// `params` makes the parameters of the page after a row (`None`: the first) of at most so many rows. One page is
    /// one call; more are read again from the first within one snapshot, so that the rows are of one moment. When a page
    /// is too large for the service, smaller ones are taken.
    pub async fn read_pages<T: DeserializeOwned>(
        &self,
        sql: Sql,
        params: impl Fn(Option<&T>, i64) -> Params,
    ) -> Result<Vec<T>, Error> {
        let mut size = PAGE;
        let mut lost = 0;
        loop {
            match self.read_pages_of(sql, &params, size).await {
                Err(Error::TooLarge(_)) if size > 1 => size = (size / 4).max(1),
                // The server of the snapshot is gone: begin again with a new one.
                Err(Error::Unavailable(_)) if lost < SNAPSHOTS && !self.is_late() => lost += 1,
                outcome => return outcome,
            }
        }
    }

    /// Reads the first `limit` rows of such a statement, in more calls than one where they are too large for one. Without
    /// a snapshot: what is listed while rows are added is whole, and of more moments than one.
    pub async fn read_up_to<T: DeserializeOwned>(
        &self,
        sql: Sql,
        params: impl Fn(Option<&T>, i64) -> Params,
        limit: i64,
    ) -> Result<Vec<T>, Error> {
        let mut rows: Vec<T> = Vec::new();
        let mut size = limit;
        loop {
            let wanted = size.min(limit - rows.len() as i64);
            match self.read(sql, params(rows.last(), wanted)).await {
                Err(Error::TooLarge(_)) if size > 1 => size = (size / 4).max(1),
                Err(error) => return Err(error),
                Ok(page) => {
                    let full = page.len() as i64 == wanted;
                    rows.extend::<Vec<T>>(page);
                    if !full || rows.len() as i64 >= limit {
                        return Ok(rows);
                    }
                }
            }
        }
    }

    async fn read_pages_of<T: DeserializeOwned>(
        &self,
        sql: Sql,
        params: &impl Fn(Option<&T>, i64) -> Params,
        size: i64,
    ) -> Result<Vec<T>, Error> {
        let first: Vec<T> = self.read(sql, params(None, size)).await?;
        if (first.len() as i64) < size {
            return Ok(first);
        }
        let snapshot = self.snapshot().await?;
        let outcome = snapshot_pages(&snapshot, sql, params, size).await;
        snapshot.end().await;
        outcome
    }
}

async fn snapshot_pages<T: DeserializeOwned>(
    snapshot: &Snapshot,
    sql: Sql,
    params: &impl Fn(Option<&T>, i64) -> Params,
    size: i64,
) -> Result<Vec<T>, Error> {
    let mut rows: Vec<T> = Vec::new();
    loop {
        let page: Vec<T> = snapshot.read(sql, params(rows.last(), size)).await?;
        let full = page.len() as i64 == size;
        rows.extend(page);
        if !full {
            return Ok(rows);
        }
    }
}
