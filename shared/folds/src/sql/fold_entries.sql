-- folds.fold_entries
-- Counts again entries of a kind of touched hours of a source, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, source, hours, kind.
-- Indexes: changed_hours_by_hour, cdrs_by_time, dnc_entries_by_time (index-only),
-- folded_entries_by_day.
with hour as materialized (
    select hour from oldest_hours(:tenant_id::uuid, :source::text, :hours::bigint)
),
counted as materialized (
    select hour.hour, entry.campaign_id, entry.agent_id, entry.name, count(*) as entries, sum(entry.talk_secs) as talk_secs
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select * from source_entries(:tenant_id::uuid, :kind::text, null, hour.hour, hour.hour + interval '1 hour') offset 0
    ) as entry
    group by 1, 2, 3, 4
),
old as (
    delete from folded_entries as folded
    using (select distinct day_of(hour) as day from hour) as touched
    where folded.tenant_id = :tenant_id::uuid and folded.kind = :kind::text and folded.day = touched.day
    returning folded.*
),
kept as (
    -- The other hours of these days.
    select
        old.day + place * interval '1 hour' as hour,
        old.campaign_id,
        old.agent_id,
        old.name,
        sum_of(old.entries, place, place + 1) as entries,
        sum_of(old.talk_secs, place, place + 1) as talk_secs
    from old
    cross join generate_series(0, 23) as place
    where old.day + place * interval '1 hour' not in (select hour from hour)
)
insert into folded_entries (tenant_id, kind, day, campaign_id, agent_id, name, entries, talk_secs)
select
    :tenant_id::uuid,
    :kind::text,
    day_of(hour),
    campaign_id,
    agent_id,
    name,
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(entries))::integer[],
    case when :kind::text = 'agents' then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(talk_secs)) end
from (select * from counted union all select * from kept where entries > 0) as part
group by 3, 4, 5, 6
