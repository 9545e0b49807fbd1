-- ondemand.claim_report
-- Takes a report that nobody works on under the lease of the token, and returns what it is about, with the names that a document
-- shows, and what those who had it before may have left in the bucket. No row where there is nothing to do.
-- Parameters: report_id, token, lease_secs, max_attempts.
-- Index: on_demand_reports_pkey.
with before as materialized (
    select id, lease_token, upload_id, leftovers
    from on_demand_reports
    where id = :report_id::text
        and status = 'generating'
        and (lease_token = :token::uuid
            or attempts < :max_attempts::bigint and (lease_token is null or started_by is not null or lease_until <= now()))
    for update
),
taken as (
    update on_demand_reports as report
    set lease_token = :token::uuid,
        lease_until = now() + make_interval(secs => :lease_secs::bigint),
        attempts = attempts + case when before.lease_token is distinct from :token::uuid or started_by is not null then 1 else 0 end,
        started_by = null,
        upload_id = null,
        -- Kept until the end, so that nobody hides what the one before has left.
        leftovers = before.leftovers || case when before.lease_token <> :token::uuid then
            jsonb_build_array(jsonb_build_object('token', before.lease_token, 'upload_id', before.upload_id)) else '[]' end
    from before
    where report.id = before.id
    returning report.*
)
select
    taken.tenant_id,
    taken.subject_tenant_id,
    tenant.name as tenant,
    taken.type,
    taken.format,
    taken.section,
    taken.from_at,
    taken.to_at,
    taken.timezone,
    taken.previous_from_at,
    taken.filters,
    campaign.name as campaign,
    agent.name as agent,
    taken.byte_order_mark,
    taken.attempts,
    taken.created_at,
    taken.parent_report_id is not null as is_mailed,
    taken.leftovers
from taken
join tenants as tenant on tenant.id = taken.subject_tenant_id
left join campaigns as campaign
    on campaign.tenant_id = taken.subject_tenant_id and campaign.id = (taken.filters ->> 'campaign_id')::uuid
left join agents as agent
    on agent.tenant_id = taken.subject_tenant_id and agent.id = (taken.filters ->> 'agent_id')::uuid
