//! The tenant that is measured: everything within 30 days of October 2026.

use anyhow::{Result, anyhow};
use callmetry_access::ApiKey;
use tokio_postgres::Client;
use uuid::Uuid;

/// The measured tenant.
pub const TENANT: Uuid = Uuid::from_u128(0xbe4c);
/// The tenant whose calls are exported, of the same days.
pub const EXPORT_TENANT: Uuid = Uuid::from_u128(0xbe4d);
/// The window of both.
pub const WINDOW: (&str, &str) = ("2026-10-01T00:00:00Z", "2026-10-31T00:00:00Z");

/// A tenth as many leads as attempts, so that each is dialed ten times; 20 campaigns, 100 agents.
pub async fn fill(client: &Client, attempts: u64) -> Result<()> {
    let (leads, calls) = (attempts / 10, attempts / 5);
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             insert into tenants (id, slug, name) values ('{TENANT}', 'bench', 'Bench');
             insert into dispositions (tenant_id, code, label, category, is_sale)
                select '{TENANT}', 'D' || n, 'Disposition ' || n, 'contact', n = 1 from generate_series(0, 11) n;
             insert into campaigns (id, tenant_id, name, calling_hours_start, calling_hours_end, timezone)
                select md5('campaign' || n)::uuid, '{TENANT}', 'Campaign ' || n, '09:00', '18:00', 'Europe/Madrid' from generate_series(1, 20) n;
             insert into agents (id, tenant_id, name) select md5('agent' || n)::uuid, '{TENANT}', 'Agent ' || n from generate_series(1, 100) n;
             insert into leads (id, tenant_id, phone, timezone)
                select md5('lead' || n)::uuid, '{TENANT}', '+34' || n, case when n % 3 = 0 then 'Atlantic/Canary' end from generate_series(1, {leads}) n;
             insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code)
                select '{TENANT}', md5('campaign' || (1 + n % 20))::uuid, md5('lead' || (1 + (n::bigint * 7919) % {leads}))::uuid,
                    timestamptz '{from}' + n * (interval '30 days' / {attempts}),
                    case n % 4 when 0 then 'human' when 1 then 'machine' end, n % 40 = 0, case when n % 5 > 0 then 'D' || (n % 13) end
                from generate_series(0, {attempts} - 1) n;
             insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at, ended_at,
                    talk_secs, hangup_cause)
                select '{TENANT}', md5('campaign' || (1 + n % 20))::uuid, md5('agent' || (1 + n % 100))::uuid, 'outbound', '+1', '+2', at,
                    case when n % 3 > 0 then at end, at + interval '2 minutes', case when n % 3 > 0 then n % 300 else 0 end, 'CAUSE_' || n % 15
                from generate_series(0, {calls} - 1) n, lateral (select timestamptz '{from}' + n * (interval '30 days' / {calls}) as at) as instant;
             insert into agent_state_intervals (tenant_id, agent_id, state, entered_at, left_at)
                select '{TENANT}', md5('agent' || (1 + n % 100))::uuid, (array['available', 'busy', 'wrap', 'break'])[1 + n % 4], at, at + interval '3 minutes'
                from generate_series(0, {calls} - 1) n, lateral (select timestamptz '{from}' + n * (interval '30 days' / {calls}) as at) as instant;
             insert into dnc_entries (tenant_id, phone, source, added_at)
                select '{TENANT}', '+' || n, (array['national', 'state', 'internal', 'litigator'])[1 + n % 4], timestamptz '{from}' + n * interval '1 minute'
                from generate_series(1, 20000) n;
             set session_replication_role = default;",
            from = WINDOW.0,
        ))
        .await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// As many calls as there are to be exported, with every column filled as a dialer would.
pub async fn fill_calls(client: &Client, calls: u64) -> Result<()> {
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             insert into tenants (id, slug, name) values ('{EXPORT_TENANT}', 'export', 'Export');
             insert into campaigns (id, tenant_id, name)
                select md5('export campaign' || n)::uuid, '{EXPORT_TENANT}', 'Campaign, no. ' || n from generate_series(1, 20) n;
             insert into agents (id, tenant_id, name)
                select md5('export agent' || n)::uuid, '{EXPORT_TENANT}', 'Agent ' || n from generate_series(1, 100) n;
             insert into cdrs (tenant_id, campaign_id, agent_id, lead_id, direction, from_number, to_number, started_at, answered_at,
                    ended_at, talk_secs, hangup_cause, q850_cause, disposition_code, recording_url, sentiment)
                select '{EXPORT_TENANT}', md5('export campaign' || (1 + n % 20))::uuid, md5('export agent' || (1 + n % 100))::uuid,
                    gen_random_uuid(), case when n % 5 = 0 then 'inbound' else 'outbound' end, '+3491' || lpad(n::text, 7, '0'),
                    '+346' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0'), at,
                    case when n % 3 > 0 then at + interval '4.25 seconds' end, at + n % 300 * interval '1 second' + interval '4.25 seconds',
                    case when n % 3 > 0 then n % 300 else 0 end, case when n % 3 > 0 then 'NORMAL_CLEARING' else 'NO_ANSWER' end, 16,
                    'D' || n % 13, case when n % 3 > 0 then 'https://recordings.example/2026/10/' || n || '.wav' end,
                    case when n % 3 > 0 then (n % 2001 - 1000) / 1000.0 end
                from generate_series(0, {calls} - 1) n, lateral (select timestamptz '{from}' + n * (interval '30 days' / {calls}) as at) as instant;
             set session_replication_role = default;",
            from = WINDOW.0,
        ))
        .await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// A supervisor's key of a tenant.
pub async fn key(client: &Client, tenant: Uuid) -> Result<String> {
    let key = ApiKey::generate().map_err(|error| anyhow!("no randomness: {error}"))?;
    crate::tokens::store(client, tenant, "bench", "supervisor", key.reveal()).await?;
    Ok(key.reveal().to_owned())
}
