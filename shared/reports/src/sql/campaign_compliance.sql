-- reports.campaign_compliance
-- Returns one row per campaign, by name: attempts, abandoned ones, and those inside its calling hours.
-- Parameters: tenant_id, from, to; campaign_id (NULL: all); after_name, after_id (NULL: the first page), page_size.
-- Indexes: dial_attempts_by_time or dial_attempts_by_campaign (index-only), leads_tenant_id_id_key.
with page as materialized (
    select id, name, abandonment_cap, calling_hours_start, calling_hours_end, timezone
    from campaigns
    where tenant_id = :tenant_id::uuid
        and (:campaign_id::uuid is null or id = :campaign_id::uuid)
        and (:after_id::uuid is null or (name collate "C", id) > (:after_name::text collate "C", :after_id::uuid))
    order by name collate "C", id
    limit :page_size::bigint
),
volume as (
    select campaign_id, count(*) as attempts, count(*) filter (where abandoned) as abandoned
    from dial_attempts
    where tenant_id = :tenant_id::uuid
        and attempted_at >= :from::timestamptz
        and attempted_at < :to::timestamptz
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
    group by campaign_id
),
local_times as (
    -- The lead's local time, else the campaign's. Only of campaigns with hours: the others need no look at the lead.
    select
        page.id as campaign_id,
        page.calling_hours_start as opens,
        page.calling_hours_end as closes,
        (attempt.attempted_at at time zone coalesce(lead.timezone, page.timezone))::time as local_time
    from page
    join dial_attempts as attempt on attempt.campaign_id = page.id
    join leads as lead on lead.tenant_id = attempt.tenant_id and lead.id = attempt.lead_id
    where page.calling_hours_start is not null
        and attempt.tenant_id = :tenant_id::uuid
        and attempt.attempted_at >= :from::timestamptz
        and attempt.attempted_at < :to::timestamptz
        and (:campaign_id::uuid is null or attempt.campaign_id = :campaign_id::uuid)
),
within as (
    -- [opens, closes); over midnight when it closes before it opens; all day when both are equal.
    select campaign_id, count(*) as inside
    from local_times
    where case
        when opens = closes then true
        when opens < closes then local_time >= opens and local_time < closes
        else local_time >= opens or local_time < closes
    end
    group by campaign_id
)
select
    page.id as campaign_id,
    page.name as campaign,
    page.abandonment_cap,
    page.calling_hours_start is not null as has_hours,
    coalesce(volume.attempts, 0) as attempts,
    coalesce(volume.abandoned, 0) as abandoned,
    coalesce(within.inside, 0) as inside
from page
left join volume on volume.campaign_id = page.id
left join within on within.campaign_id = page.id
order by page.name collate "C", page.id
