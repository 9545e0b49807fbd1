//! The demo data: two invented call centres with 60 days of work up to now.
//!
//! Read in this order: `acme` and `globex` say what the centres are (teams, shifts, campaigns), with the word lists
//! `outcomes` and `scorecards`; `world` gives them ids, agents and leads; `day` lets one day happen in a
//! `book`, agent by agent, and `dialing` what happens between their calls; `quality` reviews the calls; `rows`
//! writes down what has happened before `now`.
//!
//! Two rules keep it the same on every run but for its dates. Every day is rolled whole with dice of its own and only
//! then cut at `now`, so that the hour of the start shifts nothing. And a day is known by its distance from today, so
//! that a date decides only how many people work on it.

mod acme;
mod book;
mod centre;
mod day;
mod dialing;
mod dice;
mod globex;
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

use self::book::Book;
use self::centre::Centre;
use self::rows::Sheet;
use self::world::World;

/// Today and the 60 days before it, by the centre's calendar, so that a window of 30 days is full, and so is the one that it is compared with.
const DAYS: i64 = 61;

static CENTRES: [Centre; 2] = [acme::ACME, globex::GLOBEX];

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
    Tenant { id: Uuid::from_u128(0xacae_0000_0000_4000_8000_0000_0000_0001), slug: "acme", name: "Acme Contact S.L." },
    Tenant {
        id: Uuid::from_u128(0x910b_0000_0000_4000_8000_0000_0000_0002),
        slug: "globex",
        name: "Globex Services Inc.",
    },
];

/// Inserts the demo tenants where they are missing, without any data.
pub async fn create_tenants(client: &Client) -> anyhow::Result<()> {
    insert_tenants(client).await
}

/// Fills both tenants with 60 days of data up to `now`, in one transaction; creates the tenants if they are missing.
///
/// Nothing in it is later than `now`. It fails, and changes nothing, where the demo data is there already. The client
/// must own the tables, and keeps others from them until it is done: see `take_off_foreign_keys`.
pub async fn fill(client: &mut Client, now: DateTime<Utc>) -> anyhow::Result<()> {
    // Made side by side, and the second while the first is being copied: it shortens the wait of a first start.
    let made = CENTRES.each_ref().map(|centre| (centre, tokio::task::spawn_blocking(move || sheets(centre, now))));
    let transaction = client.transaction().await.context("no transaction for the demo data")?;
    insert_tenants(&transaction).await?;
    let put_on_again = take_off_foreign_keys(&transaction).await?;
    for (centre, sheets) in made {
        for sheet in sheets.await.context("the demo data was not made")? {
            copy(&transaction, sheet).await.with_context(|| format!("demo data of {}", centre.tenant.slug))?;
        }
    }
    transaction.batch_execute(&put_on_again).await.context("the demo data breaks a foreign key")?;
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
    let (world, book) = happened(centre, now);
    rows::write(&world, &book, now.timestamp_millis())
}

/// The whole days, today's too.
fn happened(centre: &'static Centre, now: DateTime<Utc>) -> (World, Book) {
    let world = World::new(centre, now);
    let mut book = Book::new(&world);
    for day in (0..DAYS).rev() {
        day::happen(&world, day, &mut book);
    }
    book.close();
    (world, book)
}

/// Takes the foreign keys off the four big tables and returns the statements that put the very same ones on again.
///
/// Checked row by row they are two thirds of the time that `COPY` takes; put on again, each is one join over the table.
/// Nobody sees the tables without them, because it is all one transaction.
async fn take_off_foreign_keys(transaction: &Transaction<'_>) -> anyhow::Result<String> {
    let keys = transaction
        .query(
            "select format('alter table %s drop constraint %I;', conrelid::regclass, conname),
                    format('alter table %s add constraint %I %s;', conrelid::regclass, conname,
                           pg_get_constraintdef(oid))
               from pg_constraint
              where contype = 'f'
                and conrelid in ('leads'::regclass, 'dial_attempts'::regclass, 'cdrs'::regclass,
                                 'agent_state_intervals'::regclass)
              order by conrelid, conname",
            &[],
        )
        .await
        .context("the foreign keys were not read")?;
    let statements =
        |column: usize| keys.iter().map(|key| key.try_get::<_, &str>(column)).collect::<Result<String, _>>();
    transaction.batch_execute(&statements(0)?).await.context("the foreign keys were not taken off")?;
    Ok(statements(1)?)
}

async fn copy(transaction: &Transaction<'_>, sheet: Sheet) -> anyhow::Result<()> {
    let sink = transaction.copy_in(sheet.statement).await.with_context(|| sheet.statement)?;
    let mut sink = std::pin::pin!(sink);
    sink.send(Bytes::from(sheet.text)).await.with_context(|| sheet.statement)?;
    sink.finish().await.with_context(|| sheet.statement)?;
    Ok(())
}
