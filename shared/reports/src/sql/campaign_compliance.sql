-- reports.campaign_compliance
-- Returns one row per campaign, by name: attempts, abandoned ones, and those inside its calling hours.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone); campaign_id (NULL: all); after_name, after_id
-- (NULL: the first page), page_size.
-- Indexes: folded_attempts_by_day; else dial_attempts_by_time or dial_attempts_by_campaign (index-only), leads_tenant_id_id_key.
with fold as materialized (
    select not :plain::boolean
        and serves_attempts(:tenant_id::uuid, instant(:from::text), instant(:to::text), true) as is_served
),
plain as materialized (
    -- One scan for all three counts. The local time is the lead's, else the campaign's.
    select
        attempt.campaign_id,
        count(*) as attempts,
        count(*) filter (where attempt.abandoned) as abandoned,
        count(*) filter (
            where is_inside(
                attempt.attempted_at,
                coalesce(lead.timezone, campaign.timezone),
                campaign.calling_hours_start,
                campaign.calling_hours_end
            )
        ) as inside
    from dial_attempts as attempt
    join campaigns as campaign on campaign.tenant_id = attempt.tenant_id and campaign.id = attempt.campaign_id
    -- A lead may come after its attempts where there are no foreign keys.
    left join leads as lead on lead.tenant_id = attempt.tenant_id and lead.id = attempt.lead_id
    where attempt.tenant_id = :tenant_id::uuid
        and attempt.attempted_at >= instant(:from::text)
        and attempt.attempted_at < instant(:to::text)
        and (:campaign_id::uuid is null or attempt.campaign_id = :campaign_id::uuid)
    group by attempt.campaign_id
),
counted as (
    select campaign_id, attempts, abandoned, inside
    from attempt_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, true)
    where (select is_served from fold)
    union all
    select campaign_id, attempts, abandoned, inside from plain where not (select is_served from fold)
)
select
    campaign.id as campaign_id,
    campaign.name as campaign,
    campaign.abandonment_cap,
    campaign.calling_hours_start is not null as has_hours,
    coalesce(counted.attempts, 0) as attempts,
    coalesce(counted.abandoned, 0) as abandoned,
    coalesce(counted.inside, 0) as inside
from campaigns as campaign
left join counted on counted.campaign_id = campaign.id
where campaign.tenant_id = :tenant_id::uuid
    and (:campaign_id::uuid is null or campaign.id = :campaign_id::uuid)
    and (:after_id::uuid is null or (campaign.name collate "C", campaign.id) > (:after_name::text collate "C", :after_id::uuid))
order by campaign.name collate "C", campaign.id
limit :page_size::bigint
