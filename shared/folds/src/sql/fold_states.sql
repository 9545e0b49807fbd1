-- folds.fold_states
-- Counts again the time of agents by state of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, agent_state_intervals_by_end (index-only), folded_states_by_day.
with hour as materialized (
    select hour from oldest_hours(:tenant_id::uuid, 'states', :hours::bigint)
),
counted as materialized (
    select
        hour.hour,
        spent.agent_id,
        sum(spent.available_micros)::bigint as available_micros,
        sum(spent.busy_micros)::bigint as busy_micros,
        sum(spent.wrap_micros)::bigint as wrap_micros,
        sum(spent.break_micros)::bigint as break_micros,
        sum(spent.offline_micros)::bigint as offline_micros
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select * from source_states(:tenant_id::uuid, hour.hour, hour.hour + interval '1 hour') offset 0
    ) as spent
    group by 1, 2
),
old as (
    delete from folded_states as folded
    using (select distinct day_of(hour) as day from hour) as touched
    where folded.tenant_id = :tenant_id::uuid and folded.day = touched.day
    returning folded.*
),
kept as (
    -- The other hours of these days.
    select
        old.day + place * interval '1 hour' as hour,
        old.agent_id,
        sum_of(old.available_micros, place, place + 1) as available_micros,
        sum_of(old.busy_micros, place, place + 1) as busy_micros,
        sum_of(old.wrap_micros, place, place + 1) as wrap_micros,
        sum_of(old.break_micros, place, place + 1) as break_micros,
        sum_of(old.offline_micros, place, place + 1) as offline_micros
    from old
    cross join generate_series(0, 23) as place
    where old.day + place * interval '1 hour' not in (select hour from hour)
)
insert into folded_states (tenant_id, day, agent_id, available_micros, busy_micros, wrap_micros, break_micros, offline_micros)
select
    :tenant_id::uuid,
    day_of(hour),
    agent_id,
    case when max(available_micros) > 0 then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(available_micros)) end,
    case when max(busy_micros) > 0 then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(busy_micros)) end,
    case when max(wrap_micros) > 0 then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(wrap_micros)) end,
    case when max(break_micros) > 0 then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(break_micros)) end,
    case when max(offline_micros) > 0 then running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(offline_micros)) end
from (select * from counted union all select * from kept) as part
group by 2, 3
having coalesce(sum(available_micros), 0)
    + coalesce(sum(busy_micros), 0)
    + coalesce(sum(wrap_micros), 0)
    + coalesce(sum(break_micros), 0)
    + coalesce(sum(offline_micros), 0) > 0
