-- folds.fold_call_codes
-- Counts again calls by campaign and disposition of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, cdrs_by_time, folded_call_codes_by_time.
with hour as materialized (
    select distinct hour
    from changed_hours
    where tenant_id = :tenant_id::uuid and source = 'calls'
    order by hour
    limit :hours::bigint
),
counted as materialized (
    select
        hour.hour,
        entry.campaign_id,
        entry.disposition_code as code,
        count(*) as calls
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select *
        from cdrs as entry
        where entry.tenant_id = :tenant_id::uuid
            and entry.started_at >= hour.hour and entry.started_at < hour.hour + interval '1 hour'
        offset 0
    ) as entry
    where entry.disposition_code is not null
    group by 1, 2, 3
),
day as materialized (
    select distinct day_of(hour) as day from hour
),
kept as (
    -- The other hours of these days.
    select folded.starts_at as hour, folded.campaign_id, folded.code, folded.calls
    from day
    join folded_call_codes as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'slot'
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from hour where hour.hour = folded.starts_at)
),
old_hours as (
    delete from folded_call_codes as folded
    using hour
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.starts_at = hour.hour
),
old_days as (
    delete from folded_call_codes as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
),
new_hours as (
    insert into folded_call_codes (tenant_id, span, starts_at, campaign_id, code, calls)
    select :tenant_id::uuid, 'slot', hour, campaign_id, code, calls
    from counted
)
insert into folded_call_codes (tenant_id, span, starts_at, campaign_id, code, calls)
select :tenant_id::uuid, 'day', day_of(hour), campaign_id, code, sum(calls)
from (select * from counted union all select * from kept) as part
group by day_of(hour), campaign_id, code
