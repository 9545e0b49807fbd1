-- reports.summarize_calls
-- Returns, numbered in this order: one row per UTC date of the window, zeros included; one per campaign that had calls, by
-- name, and one for the calls of none; one per disposition code that occurred, most frequent first, of which only the calls are
-- counted.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone, which are not by agent); campaign_id, agent_id
-- (NULL: all); after_number (NULL: the first page), page_size.
-- Indexes: folded_calls_by_day, folded_entries_by_day; else cdrs_by_time, or cdrs_by_campaign or cdrs_by_agent for one of them.
with fold as materialized (
    select not :plain::boolean
        and :agent_id::uuid is null
        and serves_hours(:tenant_id::uuid, 'calls', instant(:from::text), instant(:to::text)) as is_served
),
plain as materialized (
    -- All three in one pass over the calls.
    select
        grouping(date) = 0 as is_date,
        grouping(campaign_id) = 0 as is_campaign,
        date,
        campaign_id,
        code,
        count(*) as calls,
        count(answered_at) as answered,
        coalesce(sum(talk_secs), 0)::bigint as talk_secs,
        coalesce(sum(talk_secs) filter (where answered_at is not null), 0)::bigint as answered_talk_secs
    from (
        select
            (started_at at time zone 'UTC')::date as date,
            campaign_id,
            disposition_code as code,
            answered_at,
            talk_secs
        from cdrs
        where tenant_id = :tenant_id::uuid
            and started_at >= instant(:from::text)
            and started_at < instant(:to::text)
            and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
            and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    ) as call
    group by grouping sets ((date), (campaign_id), (code))
),
counted as materialized (
    select
        grouping(date) = 0 as is_date,
        grouping(campaign_id) = 0 as is_campaign,
        date,
        campaign_id,
        null::text as code,
        sum(calls)::bigint as calls,
        sum(answered)::bigint as answered,
        sum(talk_secs)::bigint as talk_secs,
        sum(answered_talk_secs)::bigint as answered_talk_secs
    from call_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, 'UTC')
    where (select is_served from fold)
    group by grouping sets ((date), (campaign_id))
    union all
    select false, false, null, null, name, entries, 0, 0, 0
    from entry_counts(:tenant_id::uuid, 'codes', instant(:from::text), instant(:to::text), :campaign_id::uuid)
    where entries > 0 and (select is_served from fold)
    union all
    select * from plain where not (select is_served from fold)
),
parts as (
    select
        'date' as part,
        dates.date::date,
        null::uuid as campaign_id,
        null::text as name,
        null::text as code,
        coalesce(counted.calls, 0) as calls,
        coalesce(counted.answered, 0) as answered,
        coalesce(counted.talk_secs, 0) as talk_secs,
        coalesce(counted.answered_talk_secs, 0) as answered_talk_secs
    from generate_series(
        date_trunc('day', instant(:from::text) at time zone 'UTC'),
        (instant(:to::text) - interval '1 microsecond') at time zone 'UTC',
        interval '1 day'
    ) as dates (date)
    left join counted on counted.is_date and counted.date = dates.date::date
    union all
    select
        'campaign', null, counted.campaign_id, campaign.name, null, calls, answered, talk_secs, answered_talk_secs
    from counted
    left join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = counted.campaign_id
    where is_campaign
    union all
    select
        'disposition', null, null, coalesce(disposition.label, counted.code), counted.code, calls, 0, 0, 0
    from counted
    left join dispositions as disposition
        on disposition.tenant_id = :tenant_id::uuid and disposition.code = counted.code
    where counted.code is not null
),
numbered as (
    -- What one part is ordered by is null in the others.
    select
        *,
        row_number() over (
            order by
                array_position(array['date', 'campaign', 'disposition'], part),
                date,
                case part when 'campaign' then name end collate "C" nulls last,
                campaign_id,
                calls desc,
                code collate "C"
        ) as number
    from parts
)
select number, part, date, campaign_id, name, code, calls, answered, talk_secs, answered_talk_secs
from numbered
where number > coalesce(:after_number::bigint, 0)
order by number
limit :page_size::bigint
