-- reports.campaign_funnel
-- Returns one row per campaign, by name, with its counts, and in each row the distinct leads over all of them.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone); campaign_id (NULL: all); after_name, after_id
-- (NULL: the first page), page_size.
-- Indexes: folded_*_by_day, folded_attempt_codes_by_code, folded_links_by_origin; else dial_attempts_by_time, or
-- dial_attempts_by_campaign for one campaign (both index-only).
with fold as materialized (
    select not :plain::boolean
        and serves_leads(:tenant_id::uuid, instant(:from::text), instant(:to::text))
        and serves_attempts(:tenant_id::uuid, instant(:from::text), instant(:to::text), false) as is_served
),
per_lead as materialized (
    -- One row per campaign and lead: distinct leads are then a count of rows, which is much cheaper than count(distinct)
    -- over the attempts.
    select
        attempt.campaign_id,
        attempt.lead_id,
        count(*) as attempts,
        count(*) filter (where attempt.answered_by = 'human') as human,
        count(*) filter (where attempt.answered_by = 'machine') as machine,
        count(*) filter (where disposition.is_sale) as sales,
        count(*) filter (where attempt.abandoned) as abandoned
    from dial_attempts as attempt
    left join dispositions as disposition
        on disposition.tenant_id = attempt.tenant_id and disposition.code = attempt.disposition_code
    where attempt.tenant_id = :tenant_id::uuid
        and attempt.attempted_at >= instant(:from::text)
        and attempt.attempted_at < instant(:to::text)
        and (:campaign_id::uuid is null or attempt.campaign_id = :campaign_id::uuid)
    group by attempt.campaign_id, attempt.lead_id
),
dialed as materialized (
    select campaign_id, leads
    from lead_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid)
    where (select is_served from fold)
    union all
    select campaign_id, count(*) from per_lead where not (select is_served from fold) group by campaign_id
    union all
    select null, count(*)
    from (select lead_id from per_lead where not (select is_served from fold) group by lead_id) as leads
),
per_campaign as (
    select
        campaign_id,
        sum(attempts)::bigint as attempts,
        sum(human)::bigint as human,
        sum(machine)::bigint as machine,
        sum(sales)::bigint as sales,
        sum(abandoned)::bigint as abandoned
    from (
        select campaign_id, attempts, human, machine, sales, abandoned
        from per_lead
        where not (select is_served from fold)
        union all
        select campaign_id, attempts, human, machine, 0, abandoned
        from attempt_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, false)
        where (select is_served from fold)
        union all
        select campaign_id, 0, 0, 0, attempts, 0
        from attempt_code_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, true)
        where (select is_served from fold)
    ) as part
    group by campaign_id
)
select
    campaign.id as campaign_id,
    campaign.name as campaign,
    campaign.abandonment_cap,
    coalesce(counts.attempts, 0) as attempts,
    coalesce(dialed.leads, 0) as leads_dialed,
    coalesce(counts.human, 0) as human,
    coalesce(counts.machine, 0) as machine,
    coalesce(counts.sales, 0) as sales,
    coalesce(counts.abandoned, 0) as abandoned,
    (
        -- Of one campaign its own are all.
        select coalesce(max(leads), 0)
        from dialed
        where (:campaign_id::uuid is null and campaign_id is null) or campaign_id = :campaign_id::uuid
    ) as tenant_leads_dialed
from campaigns as campaign
left join per_campaign as counts on counts.campaign_id = campaign.id
left join dialed on dialed.campaign_id = campaign.id
where campaign.tenant_id = :tenant_id::uuid
    and (:campaign_id::uuid is null or campaign.id = :campaign_id::uuid)
    and (:after_id::uuid is null or (campaign.name collate "C", campaign.id) > (:after_name::text collate "C", :after_id::uuid))
order by campaign.name collate "C", campaign.id
limit :page_size::bigint
