//! Lists in pages: `limit` and an opaque `cursor`, stable while rows are added.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_metrics::Window;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::Query;

/// Rows of a page that does not say otherwise.
const DEFAULT_LIMIT: i64 = 20;
const LARGEST_LIMIT: i64 = 100;

/// Where a page begins: after the row of this key, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<I = Uuid> {
    /// When the row was created.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: I,
}

/// What rows are told apart by.
pub trait RowId: Sized {
    /// As a cursor has it.
    fn to_bytes(&self) -> Vec<u8>;
    /// From what a client says is a cursor.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl RowId for Uuid {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

/// Letters, digits and underscores.
impl RowId for String {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let is_id = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        is_id.then(|| Self::from_utf8(bytes.to_vec()).ok()).flatten()
    }
}

/// The page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<I = Uuid> {
    /// 1 to 100 rows.
    pub limit: i64,
    /// The last row of the page before.
    pub after: Option<Key<I>>,
}

/// A cursor as clients see it. They are told nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cursor(String);

impl<I: RowId> Key<I> {
    /// The cursor of the page after this row.
    pub fn cursor(&self) -> Cursor {
        let mut bytes = self.at.timestamp_micros().to_be_bytes().to_vec();
        bytes.extend(self.id.to_bytes());
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn parse(cursor: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (at, id) = bytes.split_first_chunk::<8>()?;
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*at))?;
        // One of our own is an instant that the database can read.
        Some(Self { at: Window::bound(at).ok()?, id: I::from_bytes(id)? })
    }
}

impl<I: RowId> Page<I> {
    /// Reads `limit` and `cursor`.
    pub fn read(query: &mut Query) -> Self {
        let limit = query.parsed::<i64>("limit", "a number from 1 to 100").unwrap_or(DEFAULT_LIMIT);
        if !(1..=LARGEST_LIMIT).contains(&limit) {
            query.error("limit", "must be a number from 1 to 100");
        }
        let after = query.text("cursor").and_then(|cursor| {
            let key = Key::parse(&cursor);
            if key.is_none() {
                query.error("cursor", "must be the next_cursor of another page");
            }
            key
        });
        Self { limit, after }
    }

    /// Cuts what was read, one row more than asked for, to the page, and says where the next one begins.
    pub fn cut<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> Key<I>) -> Option<Cursor> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        if rows.len() <= limit {
            return None;
        }
        rows.truncate(limit);
        rows.last().map(|row| key(row).cursor())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(raw: &str) -> Option<Page> {
        let mut query = Query::parse(raw);
        let page = Page::read(&mut query);
        query.finish().ok().map(|()| page)
    }

    #[test]
    fn limits_and_cursors() {
        assert_eq!(page(""), Some(Page { limit: 20, after: None }));
        assert_eq!(page("limit=100"), Some(Page { limit: 100, after: None }));
        let key = Key {
            at: DateTime::from_timestamp_micros(1_700_000_000_000_001).expect("an instant"),
            id: Uuid::from_u128(7),
        };
        assert_eq!(page(&format!("cursor={}", key.cursor().0)), Some(Page { limit: 20, after: Some(key) }));
        let far = Key { at: DateTime::from_timestamp_micros(i64::MAX / 16).expect("an instant"), ..key };
        assert_eq!(page(&format!("cursor={}", far.cursor().0)), None);
        for bad in
            ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5", "limit=", "cursor=", "cursor=x", "cursor=AAAA"]
        {
            assert_eq!(page(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_row_too_many_says_that_there_is_a_next_page() {
        let key = |n: &u128| Key { at: DateTime::UNIX_EPOCH, id: Uuid::from_u128(*n) };
        let page = Page { limit: 2, after: None };
        let mut rows = vec![1, 2, 3];
        assert_eq!(page.cut(&mut rows, key), Some(key(&2).cursor()));
        assert_eq!(rows, [1, 2]);
        assert_eq!(page.cut(&mut rows, key), None);
    }
}
