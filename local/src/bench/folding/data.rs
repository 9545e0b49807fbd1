//! The tenants whose counts are folded: everything at random instants of 30 days of October 2026, the same in every
//! run.

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::bench::data::WINDOW;

/// The measured tenant, and two with a tenth of its rows.
pub const TENANTS: [Uuid; 3] = [Uuid::from_u128(0xbe50), Uuid::from_u128(0xbe51), Uuid::from_u128(0xbe52)];
/// What [`draw_attempts`] selects.
pub const ATTEMPT_COLUMNS: &str =
    "id, tenant_id, campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code";
/// Campaigns and agents of each tenant.
const CAMPAIGNS: u64 = 20;
const AGENTS: u64 = 100;
/// Do-not-call entries of the measured tenant.
const ENTRIES: u64 = 20_000;

/// Whether what happens to the dialer's rows is noted.
#[derive(Clone, Copy, Debug)]
pub enum Noting {
    /// As the migrations have it.
    On,
    Off,
}

/// Switches the triggers on or off that note what is to be folded again.
pub async fn set_noting(client: &Client, noting: Noting) -> Result<()> {
    let verb = match noting {
        Noting::On => "enable always",
        Noting::Off => "disable",
    };
    client
        .batch_execute(&format!(
            r"do $$
              declare
                noting record;
              begin
                for noting in
                    select tgrelid::regclass as relation, tgname
                    from pg_trigger
                    where tgname like 'note\_%' and not tgisinternal
                loop
                    execute format('alter table %s {verb} trigger %I', noting.relation, noting.tgname);
                end loop;
              end
              $$"
        ))
        .await?;
    Ok(())
}

/// All tenants, of which the measured one has so many attempts. Nothing of it is noted: whoever folds a tenant from
/// nothing looks for what there is.
pub async fn fill(client: &Client, attempts: u64) -> Result<()> {
    set_noting(client, Noting::Off).await?;
    let definitions = drop_indexes(client).await?;
    client
        .batch_execute(
            "set session_replication_role = replica; set work_mem = '512MB'; set maintenance_work_mem = '512MB';
             select setseed(0.5)",
        )
        .await?;
    let [measured, others @ ..] = TENANTS;
    fill_tenant(client, measured, attempts, ENTRIES).await?;
    for tenant in others {
        fill_tenant(client, tenant, attempts / 10, ENTRIES / 10).await?;
    }
    client.batch_execute(&definitions).await?;
    client.batch_execute("reset session_replication_role; reset work_mem; reset maintenance_work_mem").await?;
    set_noting(client, Noting::On).await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// Drops the indexes of attempts: to make them afterwards takes a fraction of the time. Says how to make them again.
async fn drop_indexes(client: &Client) -> Result<String> {
    let row = client
        .query_one(
            "select string_agg(format('drop index %s', indexrelid::regclass), '; '),
                string_agg(pg_get_indexdef(indexrelid), '; ')
             from pg_index
             where indrelid = 'dial_attempts'::regclass and not indisprimary",
            &[],
        )
        .await?;
    let (drops, definitions): (&str, &str) = (row.get(0), row.get(1));
    client.batch_execute(&format!("{drops}; alter table dial_attempts drop constraint dial_attempts_pkey")).await?;
    Ok(format!("alter table dial_attempts add primary key (id); {definitions}"))
}

/// How many leads a tenant of so many attempts has: each is dialed ten times or so.
pub fn leads(attempts: u64) -> u64 {
    (attempts / 10).max(1)
}

async fn fill_tenant(client: &Client, tenant: Uuid, attempts: u64, entries: u64) -> Result<()> {
    fill_names(client, tenant, leads(attempts)).await?;
    let rows = draw_attempts(tenant, "filled", attempts, leads(attempts), WINDOW.0, 30);
    client.batch_execute(&format!("insert into dial_attempts ({ATTEMPT_COLUMNS}) {rows}")).await?;
    fill_other_sources(client, tenant, attempts / 5, entries).await
}

/// What attempts and calls refer to, counted from 0. A third of the leads have a zone, which is not that of a campaign.
async fn fill_names(client: &Client, tenant: Uuid, leads: u64) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into tenants (id, slug, name) values ('{tenant}', 'folded-{tenant}', 'Folded');
             insert into dispositions (tenant_id, code, label, category, is_sale)
                select '{tenant}', 'D' || n, 'Disposition ' || n, 'contact', n = 1 from generate_series(0, 11) n;
             insert into campaigns (id, tenant_id, name, calling_hours_start, calling_hours_end, timezone)
                select md5('{tenant} campaign' || n)::uuid, '{tenant}', 'Campaign ' || n, '09:00', '18:00',
                    'Europe/Madrid'
                from generate_series(0, {CAMPAIGNS} - 1) n;
             insert into agents (id, tenant_id, name)
                select md5('{tenant} agent' || n)::uuid, '{tenant}', 'Agent ' || n
                from generate_series(0, {AGENTS} - 1) n;
             insert into leads (id, tenant_id, phone, timezone)
                select md5('{tenant} lead' || n)::uuid, '{tenant}', '+34' || n,
                    case when n % 3 = 0 then 'Atlantic/Canary' end
                from generate_series(0, {leads} - 1) n;"
        ))
        .await?;
    Ok(())
}

/// A query of so many attempts on random leads in so many days, in the order in which a dialer writes them. A lead
/// belongs to a campaign, but one attempt in ten is another campaign's. Ids are made of a name.
pub fn draw_attempts(tenant: Uuid, name: &str, attempts: u64, leads: u64, from: &str, days: u32) -> String {
    format!(
        "select md5('{tenant} {name}' || n)::uuid, '{tenant}'::uuid,
            md5('{tenant} campaign' || (lead + elsewhere) % {CAMPAIGNS})::uuid, md5('{tenant} lead' || lead)::uuid, at,
            case floor(answer * 4) when 0 then 'human' when 1 then 'machine' end, is_abandoned,
            case when code < 13 then 'D' || code end
         from (
            select n, floor(random() * {leads})::bigint as lead,
                timestamptz '{from}' + random() * interval '{days} days' as at,
                case when random() < 0.1 then 1 + floor(random() * ({CAMPAIGNS} - 1))::bigint else 0 end as elsewhere,
                random() as answer, random() < 0.025 as is_abandoned,
                -- A fifth has none.
                floor(random() * 13 / 0.8)::integer as code
            from generate_series(1, {attempts}) n
         ) as drawn
         order by at"
    )
}

/// As many intervals of agents' states as calls, and do-not-call entries.
async fn fill_other_sources(client: &Client, tenant: Uuid, calls: u64, entries: u64) -> Result<()> {
    client
        .batch_execute(&format!(
            "insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at,
                    answered_at, ended_at, talk_secs, hangup_cause, disposition_code, sentiment)
                select '{tenant}', md5('{tenant} campaign' || campaign)::uuid, md5('{tenant} agent' || agent)::uuid,
                    'outbound', '+1', '+2', at, case when is_answered then at end, at + interval '5 minutes',
                    case when is_answered then secs else 0 end, 'CAUSE_' || cause, 'D' || code,
                    case when is_answered then thousandths / 1000.0 end
                from (
                    select floor(random() * {CAMPAIGNS})::integer as campaign,
                        floor(random() * {AGENTS})::integer as agent,
                        timestamptz '{from}' + random() * interval '30 days' as at, random() < 0.7 as is_answered,
                        floor(random() * 300)::integer as secs, floor(random() * 15)::integer as cause,
                        floor(random() * 13)::integer as code, floor(random() * 2001)::integer - 1000 as thousandths
                    from generate_series(1, {calls})
                ) as drawn
                order by at;
             insert into agent_state_intervals (tenant_id, agent_id, state, entered_at, left_at)
                select '{tenant}', md5('{tenant} agent' || agent)::uuid, state, at - random() * interval '6 minutes', at
                from (
                    select floor(random() * {AGENTS})::integer as agent,
                        timestamptz '{from}' + random() * interval '30 days' as at,
                        (array['available', 'busy', 'wrap', 'break'])[1 + floor(random() * 4)::integer] as state
                    from generate_series(1, {calls})
                ) as drawn
                order by at;
             insert into dnc_entries (tenant_id, phone, source, added_at)
                select '{tenant}', '+' || n, (array['national', 'state', 'internal', 'litigator'])[1 + n % 4],
                    timestamptz '{from}' + random() * interval '30 days'
                from generate_series(1, {entries}) n;",
            from = WINDOW.0,
        ))
        .await?;
    Ok(())
}
