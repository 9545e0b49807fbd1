//! Digests: schedules that are due all at once, and several invocations of `claim` that share them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::future::try_join_all;
use serde::Serialize;
use tokio_postgres::Client;

use super::folding::fold_everything;
use crate::lambda::Invoked;
use crate::ses::Behaviour;
use crate::stack::Stack;

const TENANTS: i64 = 20;
/// One message each.
const RECIPIENTS: i64 = 3;
/// Invocations at once.
const INVOCATIONS: usize = 8;
/// What SES takes for a message in the second measurement, about what it does on AWS.
const LATENCY: Duration = Duration::from_millis(60);

/// The figures of digests.
#[derive(Debug, Serialize)]
pub struct DigestCost {
    pub schedules: u64,
    pub mails: u64,
    pub mails_per_sec: f64,
    /// With a SES that takes its time.
    pub mails_per_sec_with_latency: f64,
    pub latency_ms: u64,
    /// Calls of the Data API, those for the numbers included.
    pub database_calls_per_mail: f64,
    pub peak_memory_mb: f64,
}

/// Sends everything twice: with a SES that answers at once, and with one that takes its time.
pub async fn measure(stack: &Stack, client: &Client, schedules: u64) -> Result<DigestCost> {
    fill(client, schedules).await.context("the tenants with schedules")?;
    fold_everything(stack).await.context("the tenants with schedules")?;
    let (mails, secs, calls) = send_all(stack, client).await?;
    let latency = Behaviour { delay: LATENCY, ..Behaviour::default() };
    stack.ses.behave(latency);
    client.execute("update report_schedules set next_run_at = now() - interval '1 second'", &[]).await?;
    let (_, slow_secs, _) = send_all(stack, client).await?;
    stack.ses.behave(Behaviour::default());
    let memory = stack.lambda.measure("claim").context("claim was not measured")?.peak_memory_kb;
    Ok(DigestCost {
        schedules,
        mails,
        mails_per_sec: mails as f64 / secs,
        mails_per_sec_with_latency: mails as f64 / slow_secs,
        latency_ms: LATENCY.as_millis() as u64,
        database_calls_per_mail: calls as f64 / mails as f64,
        peak_memory_mb: memory as f64 / 1_024.0,
    })
}

/// Messages, seconds, and calls of the database.
async fn send_all(stack: &Stack, client: &Client) -> Result<(u64, f64, u64)> {
    let (calls, accepted) = (stack.data_api.calls(), stack.ses.counts().accepted);
    let started = Instant::now();
    try_join_all((0..INVOCATIONS).map(|_| claim_until_done(stack))).await?;
    let secs = started.elapsed().as_secs_f64();
    let (calls, mails) = (stack.data_api.calls() - calls, stack.ses.counts().accepted - accepted);
    let rows = client.query("select status, count(*) from report_deliveries group by status", &[]).await?;
    let statuses: BTreeMap<String, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let owed: i64 = client.query_one("select count(*) from schedule_recipients", &[]).await?.get(0);
    ensure!(mails == owed as u64, "{mails} mails instead of {owed}");
    ensure!(statuses.keys().all(|status| status == "sent"), "not all were sent: {statuses:?}");
    Ok((mails, secs, calls))
}

/// Invokes `claim` as the tick does, minute after minute, without the minutes.
async fn claim_until_done(stack: &Stack) -> Result<()> {
    loop {
        let answer = match stack.lambda.invoke("claim", r#"{"force": true}"#.into()).await? {
            Invoked::Answer(answer) => serde_json::from_slice::<serde_json::Value>(&answer)?,
            Invoked::Failed(error) => bail!("claim: {}", String::from_utf8_lossy(&error)),
        };
        if answer["runs"] == 0 {
            return Ok(());
        }
    }
}

/// Two weeks of attempts and calls of each tenant, and weekly schedules of all reports.
async fn fill(client: &Client, schedules: u64) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into tenants (id, slug, name) select md5('digests' || n)::uuid, 'digests-' || n, 'Tenant ' || n
                from generate_series(1, {TENANTS}) n;
             create temporary table tenant as select id from tenants where slug like 'digests-%';
             insert into campaigns (tenant_id, name) select id, 'Campaign ' || n from tenant, generate_series(1, 5) n;
             insert into agents (tenant_id, name) select id, 'Agent ' || n from tenant, generate_series(1, 20) n;
             insert into leads (tenant_id, phone) select id, '+34' || n from tenant, generate_series(1, 500) n;
             insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, answered_by, disposition_code)
                select tenant_id, campaign.id, lead.id, now() - n * interval '1 day', 'human', 'D' || n % 7
                from campaigns campaign join leads lead using (tenant_id), generate_series(1, 20) n
                where tenant_id in (select id from tenant);
             insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at, ended_at,
                    talk_secs, hangup_cause)
                select tenant_id, campaign.id, agent.id, 'outbound', '+1', '+2', at, at, at + interval '1 minute', 60, 'NORMAL_CLEARING'
                from campaigns campaign join agents agent using (tenant_id), generate_series(1, 200) n,
                    lateral (select now() - n * interval '100 minutes' as at) as instant
                where tenant_id in (select id from tenant);
             with schedule as (
                insert into report_schedules (id, tenant_id, report, cadence, day_of_week, local_time, timezone, by_hour_utc, enabled,
                    next_run_at)
                select gen_random_uuid(), tenant.id, (array['campaigns', 'agents', 'call-volume', 'compliance', 'dispositions'])[1 + n % 5],
                    'weekly', 1, '06:00', 'UTC', true, true, now() - interval '1 second'
                from tenant, generate_series(1, {per_tenant}) n
                returning tenant_id, id
             )
             insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
                select tenant_id, id, address, address, n
                from schedule, generate_series(1, {RECIPIENTS}) n, lateral (select id || '-' || n || '@example.org' as address) as one;
             drop table tenant;",
            per_tenant = schedules as i64 / TENANTS,
        ))
        .await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}
