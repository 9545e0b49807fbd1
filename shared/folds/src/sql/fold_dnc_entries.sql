-- folds.fold_dnc_entries
-- Counts again do-not-call entries by source of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, dnc_entries_by_time (index-only), folded_dnc_entries_by_time.
with hour as materialized (
    select distinct hour
    from changed_hours
    where tenant_id = :tenant_id::uuid and source = 'dnc'
    order by hour
    limit :hours::bigint
),
counted as materialized (
    select
        hour.hour,
        entry.source,
        count(*) as entries
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select *
        from dnc_entries as entry
        where entry.tenant_id = :tenant_id::uuid
            and entry.added_at >= hour.hour and entry.added_at < hour.hour + interval '1 hour'
        offset 0
    ) as entry
    group by 1, 2
),
day as materialized (
    select distinct day_of(hour) as day from hour
),
kept as (
    -- The other hours of these days.
    select folded.starts_at as hour, folded.source, folded.entries
    from day
    join folded_dnc_entries as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'slot'
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from hour where hour.hour = folded.starts_at)
),
old_hours as (
    delete from folded_dnc_entries as folded
    using hour
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.starts_at = hour.hour
),
old_days as (
    delete from folded_dnc_entries as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
),
new_hours as (
    insert into folded_dnc_entries (tenant_id, span, starts_at, source, entries)
    select :tenant_id::uuid, 'slot', hour, source, entries
    from counted
)
insert into folded_dnc_entries (tenant_id, span, starts_at, source, entries)
select :tenant_id::uuid, 'day', day_of(hour), source, sum(entries)
from (select * from counted union all select * from kept) as part
group by day_of(hour), source
