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

/// Marks half of what the measured tenant has as touched: slots and hours, leads, attempts one by one, zones of leads; and
/// removes the marks.
pub async fn measure(stack: &Stack, client: &Client) -> Result<Vec<MarkedTiming>> {
    let mut timings = Vec::new();
    mark_hours(client).await?;
    for report in REPORTS {
        timings.push(compare(stack, "half of the hours", report).await?);
    }
    remove_marks(client).await?;
    mark_leads(client).await?;
    timings.push(compare(stack, "half of the leads", "campaigns").await?);
    remove_marks(client).await?;
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

/// Which instants are of every second hour.
fn is_of_half(instant: &str) -> String {
    format!("extract(hour from {instant} at time zone 'UTC')::integer % 2 = 0")
}

/// Which attempts are those of the measured tenant in every second hour.
fn are_of_half() -> String {
    format!("tenant_id = '{}' and {}", TENANTS[0], is_of_half("attempted_at"))
}

/// Every second hour of every campaign and of every other source, as by dispositions and the like that came late.
async fn mark_hours(client: &Client) -> Result<()> {
    let tenant = TENANTS[0];
    let series = |step| {
        let (from, to) = WINDOW;
        format!("generate_series(timestamptz '{from}', timestamptz '{to}' - {step}, {step})")
    };
    client
        .batch_execute(&format!(
            "insert into attempt_changes (tenant_id, campaign_id, slot)
                select tenant_id, id, slot from campaigns, {slots} as slot
                where tenant_id = '{tenant}' and {is_slot_of_half};
             insert into changed_hours (tenant_id, source, hour)
                select '{tenant}', source, hour from unnest(array['calls', 'states', 'dnc']) as source, {hours} as hour
                where {is_hour_of_half}",
            slots = series("slot_length()"),
            hours = series("interval '1 hour'"),
            is_slot_of_half = is_of_half("slot"),
            is_hour_of_half = is_of_half("hour"),
        ))
        .await?;
    settle(client).await
}

/// The attempts of every second hour, as if they had come since.
async fn mark_leads(client: &Client) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into attempt_changes (tenant_id, campaign_id, slot, added)
                select tenant_id, campaign_id, slot_of(attempted_at), array_agg(lead_id)
                from dial_attempts
                where {}
                group by 1, 2, 3",
            are_of_half()
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
            are_of_half()
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
