//! The tenants that are measured: everything within 30 days of October 2026.

use anyhow::{Result, anyhow};
use callmetry_access::ApiKey;
use tokio_postgres::Client;
use uuid::Uuid;

/// The measured tenant.
pub const TENANT: Uuid = Uuid::from_u128(0xbe4c);
/// A small one: a hundred calls a day, of which a fourth is evaluated.
pub const SMALL_TENANT: Uuid = Uuid::from_u128(0xbe4e);
/// The tenant of nothing but violations.
pub const AUDITED_TENANT: Uuid = Uuid::from_u128(0xbe4f);
/// The tenant whose calls are exported, of the same days.
pub const EXPORT_TENANT: Uuid = Uuid::from_u128(0xbe4d);
/// The window of all.
pub const WINDOW: (&str, &str) = ("2026-10-01T00:00:00Z", "2026-10-31T00:00:00Z");
/// Its first and last day.
pub const DAYS: (&str, &str) = ("2026-10-01", "2026-10-30");

/// 20 campaigns and 100 agents of the measured tenant.
pub async fn fill(client: &Client, attempts: u64) -> Result<()> {
    fill_tenant(client, TENANT, "bench", attempts, 20, 100).await
}

/// Three campaigns and ten agents of the small one, with what came after its calls.
pub async fn fill_small(client: &Client) -> Result<()> {
    fill_tenant(client, SMALL_TENANT, "small", 15_000, 3, 10).await?;
    fill_reviews(client, SMALL_TENANT).await
}

/// A tenth as many leads as attempts, so that each is dialed ten times, and a fifth as many calls.
async fn fill_tenant(
    client: &Client,
    tenant: Uuid,
    slug: &str,
    attempts: u64,
    campaigns: u64,
    agents: u64,
) -> Result<()> {
    let (leads, calls) = (attempts / 10, attempts / 5);
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             insert into tenants (id, slug, name) values ('{tenant}', '{slug}', 'Bench');
             insert into dispositions (tenant_id, code, label, category, is_sale)
                select '{tenant}', 'D' || n, 'Disposition ' || n, 'contact', n = 1 from generate_series(0, 11) n;
             insert into campaigns (id, tenant_id, name, calling_hours_start, calling_hours_end, timezone)
                select md5('{slug} campaign' || n)::uuid, '{tenant}', 'Campaign ' || n, '09:00', '18:00', 'Europe/Madrid' from generate_series(1, {campaigns}) n;
             insert into agents (id, tenant_id, name) select md5('{slug} agent' || n)::uuid, '{tenant}', 'Agent ' || n from generate_series(1, {agents}) n;
             insert into leads (id, tenant_id, phone, timezone)
                select md5('{slug} lead' || n)::uuid, '{tenant}', '+34' || n, case when n % 3 = 0 then 'Atlantic/Canary' end from generate_series(1, {leads}) n;
             insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code)
                select '{tenant}', md5('{slug} campaign' || (1 + n % {campaigns}))::uuid, md5('{slug} lead' || (1 + (n::bigint * 7919) % {leads}))::uuid,
                    timestamptz '{from}' + n * (interval '30 days' / {attempts}),
                    case n % 4 when 0 then 'human' when 1 then 'machine' end, n % 40 = 0, case when n % 5 > 0 then 'D' || (n % 13) end
                from generate_series(0, {attempts} - 1) n;
             insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at, ended_at,
                    talk_secs, hangup_cause, disposition_code, sentiment)
                select '{tenant}', md5('{slug} campaign' || (1 + n % {campaigns}))::uuid, md5('{slug} agent' || (1 + n % {agents}))::uuid, 'outbound', '+1', '+2', at,
                    case when n % 3 > 0 then at end, at + interval '2 minutes', case when n % 3 > 0 then n % 300 else 0 end, 'CAUSE_' || n % 15,
                    'D' || n % 13, case when n % 3 > 0 then (n % 2001 - 1000) / 1000.0 end
                from generate_series(0, {calls} - 1) n, lateral (select timestamptz '{from}' + n * (interval '30 days' / {calls}) as at) as instant;
             insert into agent_state_intervals (tenant_id, agent_id, state, entered_at, left_at)
                select '{tenant}', md5('{slug} agent' || (1 + n % {agents}))::uuid, (array['available', 'busy', 'wrap', 'break'])[1 + n % 4], at, at + interval '3 minutes'
                from generate_series(0, {calls} - 1) n, lateral (select timestamptz '{from}' + n * (interval '30 days' / {calls}) as at) as instant;
             insert into dnc_entries (tenant_id, phone, source, added_at)
                select '{tenant}', '+' || n, (array['national', 'state', 'internal', 'litigator'])[1 + n % 4], timestamptz '{from}' + n * interval '1 minute'
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

/// What came after a tenant's calls: a fourth of them was evaluated, on two scorecards of eight questions; a half was checked, and a
/// tenth of the checks failed.
pub async fn fill_reviews(client: &Client, tenant: Uuid) -> Result<()> {
    // 29 and 101 have no factor in common with the numbers of agents and campaigns, so that all of them have their share.
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             insert into qa_scorecards (id, tenant_id) select md5('{tenant}' || card)::uuid, '{tenant}' from generate_series(0, 1) card;
             insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions)
                select '{tenant}', md5('{tenant}' || card)::uuid, 1, 'Card ' || card, 80, '[]' from generate_series(0, 1) card;
             create temporary table call as
                select id, campaign_id, agent_id, started_at, (row_number() over (order by started_at, id))::integer as n
                from cdrs where tenant_id = '{tenant}';
             insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers, score,
                    passed, points, submitted_at)
                select '{tenant}', id, agent_id, 'evaluator ' || n % 7, md5('{tenant}' || n % 2)::uuid, 1, 'submitted', answers, score,
                    score >= 80, scored.points, started_at + interval '1 hour'
                from call, lateral (
                    select jsonb_object_agg('q' || q, points) as answers,
                        jsonb_agg(jsonb_build_object('question_id', 'q' || q, 'text', 'What is asked on card ' || n % 2 || ', ' || q,
                            'points', points, 'weight', weight) order by q) as points,
                        round(100 * sum(points) / sum(weight) filter (where points is not null), 2) as score
                    from generate_series(1, 8) q, lateral (select 10 + 5 * (q % 3) as weight, hashint4(8 * n + q) & 127 as luck) as drawn,
                        -- One answer in 16 is that the question does not apply.
                        lateral (select case when luck % 16 > 0
                            then weight * (array[1, 1, 1, 0.75, 1, 0.5, 1, 0.75])[1 + luck / 16] end as points) as answer
                ) as scored
                where n % 29 < 7;
             insert into compliance_checks (tenant_id, call_id, agent_id, campaign_id, rule, severity, passed, detail, checked_at)
                select '{tenant}', id, agent_id, campaign_id, 'rule_' || n % 5, (array['low', 'medium', 'high', 'critical'])[1 + n % 5 % 4],
                    n % 101 % 20 <> 4, case when n % 101 % 20 = 4 then 'What the machine heard, or did not hear, at second ' || n % 300 end,
                    started_at + interval '5 minutes'
                from call where n % 101 % 2 = 0;
             drop table call;
             set session_replication_role = default;"
        ))
        .await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// So many checks, all of which failed.
pub async fn fill_violations(client: &Client, violations: u64) -> Result<()> {
    client
        .batch_execute(&format!(
            "set session_replication_role = replica;
             insert into tenants (id, slug, name) values ('{AUDITED_TENANT}', 'audited', 'Audited');
             insert into campaigns (id, tenant_id, name)
                select md5('audited campaign' || n)::uuid, '{AUDITED_TENANT}', 'Campaign, no. ' || n from generate_series(1, 20) n;
             insert into agents (id, tenant_id, name)
                select md5('audited agent' || n)::uuid, '{AUDITED_TENANT}', 'Agent ' || n from generate_series(1, 100) n;
             insert into compliance_checks (tenant_id, call_id, agent_id, campaign_id, rule, severity, passed, detail, checked_at)
                select '{AUDITED_TENANT}', gen_random_uuid(), md5('audited agent' || (1 + n % 100))::uuid,
                    md5('audited campaign' || (1 + n % 20))::uuid, 'rule_' || n % 5, (array['low', 'medium', 'high', 'critical'])[1 + n % 5 % 4],
                    false, 'What the machine heard, or did not hear, at second ' || n % 300,
                    timestamptz '{from}' + n * (interval '30 days' / {violations})
                from generate_series(0, {violations} - 1) n;
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
