//! Reports while much was touched since it was folded.

use anyhow::Result;
use serde::Serialize;
use tokio_postgres::Client;

use super::data::TENANTS;
use crate::bench::data::WINDOW;
use crate::bench::direct::{Direct, Question};
use crate::bench::measure::{REPORTS, median, ms};
use crate::stack::Stack;

/// Times that both are run, in turns, of which each is first in every second; and where once takes many seconds.
const RUNS: usize = 9;
const RUNS_OF_SLOW: usize = 3;
const SLOW_MS: f64 = 5_000.0;

/// One report of 30 days straight to PostgreSQL, in milliseconds.
#[derive(Debug, Serialize)]
pub struct MarkedTiming {
    /// What was touched.
    pub touched: &'static str,
    pub report: &'static str,
    /// As reports ask.
    pub asked_p50_ms: f64,
    /// Without folded counts.
    pub plain_p50_ms: f64,
    pub asked_to_plain: f64,
}

/// Marks a part of what the measured tenant has as touched: slots and hours, leads, attempts one by one, zones of leads; and
/// removes the marks. Half is more than reports read in parts; a twentieth of the hours and a fortieth of the leads are not.
pub async fn measure(stack: &Stack, client: &Client) -> Result<Vec<MarkedTiming>> {
    let mut timings = Vec::new();
    for (every, touched) in [(2, "half of the hours"), (20, "a twentieth of the hours")] {
        mark_hours(client, every).await?;
        for report in REPORTS {
            timings.push(compare(stack, touched, report).await?);
        }
        remove_marks(client).await?;
    }
    for (every, touched) in [(2, "half of the leads"), (40, "a fortieth of the leads")] {
        mark_leads(client, every).await?;
        timings.push(compare(stack, touched, "campaigns").await?);
        remove_marks(client).await?;
    }
    mark_one_by_one(client).await?;
    timings.push(compare(stack, "half of the attempts, one by one", "dispositions").await?);
    remove_marks(client).await?;
    mark_zones(client).await?;
    timings.push(compare(stack, "the zones of half of the leads", "compliance").await?);
    remove_marks(client).await?;
    Ok(timings)
}

async fn compare(stack: &Stack, touched: &'static str, report: &'static str) -> Result<MarkedTiming> {
    let question = Question { tenant: TENANTS[0], window: WINDOW, is_plain: false };
    let asked = Direct::connect(stack, report, &question).await?;
    let plain = Direct::connect(stack, report, &Question { is_plain: true, ..question }).await?;
    let (mut as_asked, mut plainly) = (Vec::new(), Vec::new());
    let mut runs = RUNS;
    while as_asked.len() < runs {
        if as_asked.len() % 2 == 0 {
            as_asked.push(ms(asked.run().await?));
            plainly.push(ms(plain.run().await?));
        } else {
            plainly.push(ms(plain.run().await?));
            as_asked.push(ms(asked.run().await?));
        }
        if plainly.iter().any(|took| *took > SLOW_MS) {
            runs = RUNS_OF_SLOW;
        }
    }
    let (asked_p50_ms, plain_p50_ms) = (median(&mut as_asked), median(&mut plainly));
    let asked_to_plain = asked_p50_ms / plain_p50_ms;
    eprintln!("{report}, {touched}: {asked_p50_ms:.0} ms, plain {plain_p50_ms:.0} ms");
    Ok(MarkedTiming { touched, report, asked_p50_ms, plain_p50_ms, asked_to_plain })
}

/// Which instants are of one in so many hours.
fn is_of_hours(instant: &str, every: i32) -> String {
    format!("extract(epoch from hour_of({instant}))::bigint / 3600 % {every} = 0")
}

/// Which attempts are those of the measured tenant in one in so many hours.
fn are_of_hours(every: i32) -> String {
    format!("tenant_id = '{}' and {}", TENANTS[0], is_of_hours("attempted_at", every))
}

/// One in so many hours of every campaign and of every other source, as by dispositions and the like that came late.
async fn mark_hours(client: &Client, every: i32) -> Result<()> {
    let tenant = TENANTS[0];
    let series = |step| {
        let (from, to) = WINDOW;
        format!("generate_series(timestamptz '{from}', timestamptz '{to}' - {step}, {step})")
    };
    client
        .batch_execute(&format!(
            "insert into attempt_changes (tenant_id, campaign_id, slot)
                select tenant_id, id, slot from campaigns, {slots} as slot
                where tenant_id = '{tenant}' and {is_touched_slot};
             insert into changed_hours (tenant_id, source, hour)
                select '{tenant}', source, hour from unnest(array['calls', 'states', 'dnc']) as source, {hours} as hour
                where {is_touched_hour}",
            slots = series("slot_length()"),
            hours = series("interval '1 hour'"),
            is_touched_slot = is_of_hours("slot", every),
            is_touched_hour = is_of_hours("hour", every),
        ))
        .await?;
    settle(client).await
}

/// The attempts of one in so many hours, as if they had come since.
async fn mark_leads(client: &Client, every: i32) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into attempt_changes (tenant_id, campaign_id, slot, added)
                select tenant_id, campaign_id, slot_of(attempted_at), array_agg(lead_id)
                from dial_attempts
                where {}
                group by 1, 2, 3",
            are_of_hours(every)
        ))
        .await?;
    settle(client).await
}

/// The attempts of every second hour, as if each had got its disposition by a statement of its own.
async fn mark_one_by_one(client: &Client) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into attempt_changes (tenant_id, campaign_id, slot)
                select tenant_id, campaign_id, slot_of(attempted_at)
                from dial_attempts
                where {}",
            are_of_hours(2)
        ))
        .await?;
    settle(client).await
}

/// The zones of every second lead.
async fn mark_zones(client: &Client) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into changed_zones (tenant_id, lead_id)
                select tenant_id, id
                from (select tenant_id, id, row_number() over () as number from leads where tenant_id = '{}') as lead
                where number % 2 = 0",
            TENANTS[0]
        ))
        .await?;
    settle(client).await
}

/// There were none before.
async fn remove_marks(client: &Client) -> Result<()> {
    let tenant = TENANTS[0];
    client
        .batch_execute(&format!(
            "delete from attempt_changes where tenant_id = '{tenant}';
             delete from changed_hours where tenant_id = '{tenant}';
             delete from changed_zones where tenant_id = '{tenant}'"
        ))
        .await?;
    settle(client).await
}

/// As autovacuum does, only at once.
async fn settle(client: &Client) -> Result<()> {
    client.batch_execute("vacuum analyze attempt_changes, changed_hours, changed_zones").await?;
    Ok(())
}
