//! The tenant's on-demand reports.

use callmetry_host::{Call, Cursor, Error, Key, Page, Query, Reply, Supervisor};
use callmetry_ondemand::{Kind, Report, Shown, Start, Status, Wanted};
use serde::Serialize;

/// Rows before the page that are read and thrown away. Whoever needs more follows the cursor.
const LARGEST_OFFSET: i64 = 10_000;

/// What is asked for.
struct Parameters {
    wanted: Wanted,
    page: Page<String>,
    offset: i64,
}

#[derive(Serialize)]
struct Listed<'a> {
    reports: Vec<Shown<'a>>,
    total: i64,
    limit: i64,
    offset: i64,
    next_cursor: Option<Cursor>,
}

impl Parameters {
    fn read(mut query: Query) -> Result<Self, Error> {
        let wanted = Wanted {
            kind: query.choice("type", &Kind::CHOICES),
            status: query.choice("status", &Status::CHOICES),
            scheduled: query.choice("scheduled", &[("true", true), ("false", false)]),
        };
        if query.has("offset") && query.has("cursor") {
            query.error("offset", "cannot be given beside cursor: a cursor is a place of its own");
        }
        let page = Page::read(&mut query);
        let must_be = "a number from 0 to 10000; follow next_cursor for more";
        let offset = query.parsed::<i64>("offset", must_be).unwrap_or_default();
        if !(0..=LARGEST_OFFSET).contains(&offset) {
            query.error("offset", format!("must be {must_be}"));
        }
        query.finish()?;
        Ok(Self { wanted, page, offset })
    }
}

/// Answers with a page of the tenant's reports, newest first.
pub async fn handle(mut call: Call<Supervisor>) -> Result<Reply, Error> {
    let Parameters { wanted, page, offset } = Parameters::read(std::mem::take(&mut call.query))?;
    let tenant = call.caller.own_tenant();
    let start = match &page.after {
        Some(key) => Start::After(key.at, key.id.clone()),
        None => Start::Skip(offset),
    };
    let total = Report::count(&call.database, tenant, wanted).await?;
    // One more than asked for: it says whether there is a next page.
    let mut reports = Report::list(&call.database, tenant, wanted, &start, page.limit + 1).await?;
    let next_cursor = page.cut(&mut reports, |report| Key { at: report.created_at, id: report.id.clone() });
    let reports = reports.iter().map(|report| report.shown(call.now)).collect();
    Reply::json(&Listed { reports, total, limit: page.limit, offset, next_cursor })
}
