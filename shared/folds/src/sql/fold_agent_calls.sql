-- folds.fold_agent_calls
-- Counts again calls by agent of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, cdrs_by_time, folded_agent_calls_by_time.
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
        entry.agent_id,
        count(*) as calls,
        sum(entry.talk_secs) as talk_secs
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select *
        from cdrs as entry
        where entry.tenant_id = :tenant_id::uuid
            and entry.started_at >= hour.hour and entry.started_at < hour.hour + interval '1 hour'
        offset 0
    ) as entry
    where entry.agent_id is not null
    group by 1, 2
),
day as materialized (
    select distinct day_of(hour) as day from hour
),
kept as (
    -- The other hours of these days.
    select folded.starts_at as hour, folded.agent_id, folded.calls, folded.talk_secs
    from day
    join folded_agent_calls as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'slot'
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from hour where hour.hour = folded.starts_at)
),
old_hours as (
    delete from folded_agent_calls as folded
    using hour
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.starts_at = hour.hour
),
old_days as (
    delete from folded_agent_calls as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
),
new_hours as (
    insert into folded_agent_calls (tenant_id, span, starts_at, agent_id, calls, talk_secs)
    select :tenant_id::uuid, 'slot', hour, agent_id, calls, talk_secs
    from counted
)
insert into folded_agent_calls (tenant_id, span, starts_at, agent_id, calls, talk_secs)
select :tenant_id::uuid, 'day', day_of(hour), agent_id, sum(calls), sum(talk_secs)
from (select * from counted union all select * from kept) as part
group by day_of(hour), agent_id
