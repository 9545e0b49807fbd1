-- reports.summarize_campaigns
-- Returns campaign by campaign, by name, numbered: its dial attempts of the window; one row per code of these, most
-- frequent first; one per ISO week (its Monday, UTC) with calls that have a sentiment. For one agent only campaigns that
-- have anything of this agent.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone, which are not by agent); campaign_id, agent_id
-- (the attempt's or call's; NULL: all); after_number (NULL: the first page), page_size.
-- Indexes: folded_*_by_day, folded_links_by_origin; else dial_attempts_by_time or dial_attempts_by_campaign (index-only but for one
-- agent), cdrs_by_time or cdrs_by_campaign or cdrs_by_agent.
with fold as materialized (
    select not :plain::boolean
        and :agent_id::uuid is null
        and serves_leads(:tenant_id::uuid, instant(:from::text), instant(:to::text))
        and serves_attempts(:tenant_id::uuid, instant(:from::text), instant(:to::text), false)
        and serves_hours(:tenant_id::uuid, 'calls', instant(:from::text), instant(:to::text)) as is_served
),
attempt as not materialized (
    -- Read twice, once by code and once by lead: the groups of both at once are many more, and would not fit into memory.
    select campaign_id, lead_id, disposition_code as code, answered_by
    from dial_attempts
    where tenant_id = :tenant_id::uuid
        and attempted_at >= instant(:from::text)
        and attempted_at < instant(:to::text)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
),
plain_code as materialized (
    select campaign_id, code, count(*) as attempts, count(*) filter (where answered_by = 'human') as human
    from attempt
    group by campaign_id, code
),
per_code as (
    select campaign_id, code, attempts, 0::bigint as human
    from attempt_code_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, false)
    where (select is_served from fold)
    union all
    select campaign_id, code, attempts, human from plain_code where not (select is_served from fold)
),
plain_leads as materialized (
    -- A count of groups, which is much cheaper than count(distinct).
    select campaign_id, count(*) as leads_dialed
    from (select campaign_id, lead_id from attempt group by campaign_id, lead_id) as dialed
    group by campaign_id
),
leads as (
    select campaign_id, leads as leads_dialed
    from lead_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid)
    where campaign_id is not null and (select is_served from fold)
    union all
    select campaign_id, leads_dialed from plain_leads where not (select is_served from fold)
),
coded as (
    select
        per_code.campaign_id,
        per_code.code,
        coalesce(disposition.label, per_code.code) as label,
        coalesce(disposition.is_sale, false) as is_sale,
        per_code.attempts,
        per_code.human
    from per_code
    left join dispositions as disposition
        on disposition.tenant_id = :tenant_id::uuid and disposition.code = per_code.code
),
funnel as (
    select
        campaign_id,
        sum(attempts)::bigint as attempts,
        sum(human)::bigint as human,
        sum(sales)::bigint as sales
    from (
        -- Folded attempts are counted by campaign and by code, each without the other.
        select campaign_id, attempts, human, 0 as sales
        from attempt_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, false)
        where (select is_served from fold)
        union all
        select campaign_id, attempts, human, 0 from plain_code where not (select is_served from fold)
        union all
        select campaign_id, 0, 0, attempts from coded where is_sale
    ) as part
    group by campaign_id
),
plain_moods as materialized (
    select
        campaign_id,
        date_trunc('week', started_at at time zone 'UTC')::date as week,
        count(*) as calls,
        count(*) filter (where sentiment > 0) as positive,
        count(*) filter (where sentiment < 0) as negative,
        (sum(sentiment) * 1000)::bigint as thousandths
    from cdrs
    where tenant_id = :tenant_id::uuid
        and started_at >= instant(:from::text)
        and started_at < instant(:to::text)
        and sentiment is not null
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    group by 1, 2
),
moods as (
    select
        campaign_id,
        date_trunc('week', date)::date as week,
        sum(rated)::bigint as calls,
        sum(positive)::bigint as positive,
        sum(negative)::bigint as negative,
        sum(thousandths)::bigint as thousandths
    from call_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, 'UTC')
    where (select is_served from fold)
    group by 1, 2
    having sum(rated) > 0
    union all
    select campaign_id, week, calls, positive, negative, thousandths from plain_moods where not (select is_served from fold)
),
parts as (
    select
        campaign.id as campaign_id,
        campaign.name as campaign,
        1 as place,
        null::text as code,
        null::text as label,
        coalesce(funnel.attempts, 0) as count,
        leads.leads_dialed,
        funnel.human,
        funnel.sales,
        null::date as week,
        null::bigint as positive,
        null::bigint as negative,
        null::bigint as thousandths
    from campaigns as campaign
    left join funnel on funnel.campaign_id = campaign.id
    left join leads on leads.campaign_id = campaign.id
    where campaign.tenant_id = :tenant_id::uuid
        and (:campaign_id::uuid is null or campaign.id = :campaign_id::uuid)
        and (
            :agent_id::uuid is null
            or funnel.campaign_id is not null
            or exists (select from moods where moods.campaign_id = campaign.id)
        )
    union all
    select campaign_id, campaign.name, 2, code, label, attempts, null, null, null, null, null, null, null
    from coded
    join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = coded.campaign_id
    where code is not null
    union all
    select campaign_id, campaign.name, 3, null, null, calls, null, null, null, week, positive, negative, thousandths
    from moods
    join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = moods.campaign_id
),
numbered as (
    -- What one part is ordered by is null in the others, or there is one row of it.
    select
        *,
        row_number() over (
            order by campaign collate "C", campaign_id, place, week, count desc, code collate "C"
        ) as number
    from parts
)
select
    number,
    campaign_id,
    case place when 1 then campaign end as campaign,
    code,
    label,
    count,
    coalesce(leads_dialed, 0) as leads_dialed,
    coalesce(human, 0) as human,
    coalesce(sales, 0) as sales,
    week,
    coalesce(positive, 0) as positive,
    coalesce(negative, 0) as negative,
    coalesce(thousandths, 0) as thousandths
from numbered
where number > coalesce(:after_number::bigint, 0)
order by number
limit :page_size::bigint
