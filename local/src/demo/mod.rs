//! The demo data: two invented call centres with 30 days of work up to now.
//!
//! Read in this order: [`centres`] says what the centres are (teams, shifts, campaigns), with its word lists in
//! [`outcomes`] and [`scorecards`]; [`world`] gives them ids, agents and leads; [`day`] lets one day happen, agent by
//! agent; [`quality`] reviews its calls; [`rows`] writes down what has happened before `now`.
//!
//! Two rules keep it the same on every run but for its dates. Every day is rolled whole with dice of its own and only
//! then cut at `now`, so that the hour of the start shifts nothing. And a day is known by its distance from today, so
//! that a date decides only how many people work on it.

mod centres;
mod day;
mod dice;
mod outcomes;
mod quality;
mod rows;
mod scorecards;
#[cfg(test)]
mod tests;
mod world;

use anyhow::Context;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::SinkExt;
use tokio_postgres::{Client, GenericClient, Transaction};
use uuid::Uuid;

use self::centres::{CENTRES, Centre};
use self::day::Book;
use self::rows::Sheet;
use self::world::World;

/// Today and the 29 days before it, by the centre's calendar.
const DAYS: i64 = 30;

/// A tenant of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    /// Fixed, so that links and tokens outlive a fresh database.
    pub id: Uuid,
    /// What people call it on a command line.
    pub slug: &'static str,
    /// What people read.
    pub name: &'static str,
}

/// The two demo tenants.
pub const TENANTS: [Tenant; 2] = [
    Tenant { id: Uuid::from_u128(0xacae_0000_0000_4000_8000_000000000001), slug: "acme", name: "Acme Contact S.L." },
    Tenant { id: Uuid::from_u128(0x910b_0000_0000_4000_8000_000000000002), slug: "globex", name: "Globex Services Inc." },
];

/// Inserts the demo tenants where they are missing, without any data.
pub async fn create_tenants(client: &Client) -> anyhow::Result<()> {
    insert_tenants(client).await
}

/// Fills both tenants with 30 days of data up to `now`, in one transaction; creates the tenants if they are missing.
///
/// Nothing in it is later than `now`. It fails, and changes nothing, where the demo data is there already.
pub async fn fill(client: &mut Client, now: DateTime<Utc>) -> anyhow::Result<()> {
    let transaction = client.transaction().await.context("no transaction for the demo data")?;
    insert_tenants(&transaction).await?;
    for centre in &CENTRES {
        for sheet in sheets(centre, now) {
            copy(&transaction, sheet).await.with_context(|| format!("demo data of {}", centre.tenant.slug))?;
        }
    }
    transaction.commit().await.context("the demo data was not committed")
}

async fn insert_tenants(client: &impl GenericClient) -> anyhow::Result<()> {
    for tenant in TENANTS {
        client
            .execute(
                "insert into tenants (id, slug, name) values ($1, $2, $3) on conflict do nothing",
                &[&tenant.id, &tenant.slug, &tenant.name],
            )
            .await
            .with_context(|| format!("tenant {} was not created", tenant.slug))?;
    }
    Ok(())
}

/// Everything of one centre as the text of its tables, in the order that the foreign keys want.
fn sheets(centre: &'static Centre, now: DateTime<Utc>) -> Vec<Sheet> {
    let world = World::new(centre, now);
    let mut book = Book::new(&world);
    for day in (0..DAYS).rev() {
        day::happen(&world, day, &mut book);
    }
    book.close();
    rows::write(&world, &book, now.timestamp_millis())
}

async fn copy(transaction: &Transaction<'_>, sheet: Sheet) -> anyhow::Result<()> {
    let sink = transaction.copy_in(sheet.statement).await.with_context(|| sheet.statement)?;
    let mut sink = std::pin::pin!(sink);
    sink.send(Bytes::from(sheet.text)).await.with_context(|| sheet.statement)?;
    sink.finish().await.with_context(|| sheet.statement)?;
    Ok(())
}
