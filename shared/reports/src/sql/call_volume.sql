-- reports.call_volume
-- Returns one row per local date of the window, in order, zeros included (cause is NULL), then the ten most frequent
-- hangup causes (date is NULL).
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone); campaign_id (NULL: all); timezone.
-- Indexes: folded_calls_by_day, folded_entries_by_day; else, and for what was touched, cdrs_by_time or cdrs_by_campaign.
with fold as materialized (
    select not :plain::boolean
        and serves_hours(:tenant_id::uuid, 'calls', instant(:from::text), instant(:to::text)) as is_served
),
plain as materialized (
    select
        (started_at at time zone :timezone::text)::date as date,
        hangup_cause as cause,
        count(*) as calls,
        count(answered_at) as answered,
        sum(talk_secs) as talk_secs,
        sum(talk_secs) filter (where answered_at is not null) as answered_talk_secs
    from cdrs
    where tenant_id = :tenant_id::uuid
        and started_at >= instant(:from::text)
        and started_at < instant(:to::text)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
    group by 1, 2
),
counted as materialized (
    -- Folded calls are counted by date and by cause, each without the other.
    select date, null::text as cause, calls, answered, talk_secs, answered_talk_secs
    from call_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, :timezone::text)
    where (select is_served from fold)
    union all
    select null, name, entries, 0, 0, 0
    from entry_counts(:tenant_id::uuid, 'causes', instant(:from::text), instant(:to::text), :campaign_id::uuid)
    where (select is_served from fold) and entries > 0
    union all
    select date, cause, calls, answered, talk_secs, answered_talk_secs from plain where not (select is_served from fold)
),
bounds as (
    -- The window's end is excluded. Where clocks go back over midnight a call may have an earlier or later date than both ends.
    select
        least((instant(:from::text) at time zone :timezone::text)::date, (select min(date) from counted)) as first,
        greatest(
            ((instant(:to::text) - interval '1 microsecond') at time zone :timezone::text)::date,
            (select max(date) from counted)
        ) as last
),
dates as (
    select generate_series(bounds.first, bounds.last, interval '1 day')::date as date
    from bounds
),
daily as (
    select
        dates.date,
        null::text as cause,
        coalesce(sum(counted.calls), 0)::bigint as calls,
        coalesce(sum(counted.answered), 0)::bigint as answered,
        coalesce(sum(counted.talk_secs), 0)::bigint as talk_secs,
        coalesce(sum(counted.answered_talk_secs), 0)::bigint as answered_talk_secs
    from dates
    left join counted on counted.date = dates.date
    group by dates.date
),
causes as (
    select
        null::date as date,
        cause,
        sum(calls)::bigint as calls,
        0::bigint as answered,
        0::bigint as talk_secs,
        0::bigint as answered_talk_secs
    from counted
    where cause is not null
    group by cause
    order by calls desc, cause collate "C"
    limit 10
)
select date, cause, calls, answered, talk_secs, answered_talk_secs
from (select * from daily union all select * from causes) as both_parts
order by date nulls last, calls desc, cause collate "C"
