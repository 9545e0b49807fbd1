-- folds.fold_entries
-- Counts again entries of a kind of touched hours of a source, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, source, hours, kind.
-- Indexes: changed_hours_by_hour, cdrs_by_time, agent_state_intervals_by_end, dnc_entries_by_time (index-only),
-- folded_entries_by_time.
with hour as materialized (
    select hour from oldest_hours(:tenant_id::uuid, :source::text, :hours::bigint)
),
counted as materialized (
    select hour.hour, entry.campaign_id, entry.agent_id, entry.name, count(*) as entries, sum(entry.amount) as amount
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select * from source_entries(:tenant_id::uuid, :kind::text, hour.hour, hour.hour + interval '1 hour') offset 0
    ) as entry
    group by 1, 2, 3, 4
),
day as materialized (
    select distinct day_of(hour) as day from hour
),
kept as (
    -- The other hours of these days.
    select folded.starts_at as hour, folded.campaign_id, folded.agent_id, folded.name, folded.entries, folded.amount
    from day
    join folded_entries as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.kind = :kind::text
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from hour where hour.hour = folded.starts_at)
),
old_hours as (
    delete from folded_entries as folded
    using hour
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.kind = :kind::text
        and folded.starts_at = hour.hour
),
old_days as (
    delete from folded_entries as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.kind = :kind::text
        and folded.starts_at = day.day
),
new_hours as (
    insert into folded_entries (tenant_id, span, kind, starts_at, campaign_id, agent_id, name, entries, amount)
    select :tenant_id::uuid, 'slot', :kind::text, hour, campaign_id, agent_id, name, entries, amount
    from counted
)
insert into folded_entries (tenant_id, span, kind, starts_at, campaign_id, agent_id, name, entries, amount)
select :tenant_id::uuid, 'day', :kind::text, day_of(hour), campaign_id, agent_id, name, sum(entries), sum(amount)
from (select * from counted union all select * from kept) as part
group by day_of(hour), campaign_id, agent_id, name
