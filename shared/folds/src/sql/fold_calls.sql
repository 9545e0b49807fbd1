-- folds.fold_calls
-- Counts again calls by campaign of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, cdrs_by_time, folded_calls_by_day.
with hour as materialized (
    select hour from oldest_hours(:tenant_id::uuid, 'calls', :hours::bigint)
),
counted as materialized (
    select
        hour.hour,
        call.campaign_id,
        count(*) as calls,
        sum(call.answered) as answered,
        sum(call.talk_secs) as talk_secs,
        sum(call.answered_talk_secs) as answered_talk_secs,
        sum(call.rated) as rated,
        sum(call.positive) as positive,
        sum(call.negative) as negative,
        sum(call.thousandths) as thousandths
    from hour
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched hours.
        select * from source_calls(:tenant_id::uuid, null, hour.hour, hour.hour + interval '1 hour') offset 0
    ) as call
    group by 1, 2
),
old as (
    delete from folded_calls as folded
    using (select distinct day_of(hour) as day from hour) as touched
    where folded.tenant_id = :tenant_id::uuid and folded.day = touched.day
    returning folded.*
),
kept as (
    -- The other hours of these days.
    select
        old.day + place * interval '1 hour' as hour,
        old.campaign_id,
        sum_of(old.calls, place, place + 1) as calls,
        sum_of(old.answered, place, place + 1) as answered,
        sum_of(old.talk_secs, place, place + 1) as talk_secs,
        sum_of(old.answered_talk_secs, place, place + 1) as answered_talk_secs,
        sum_of(old.rated, place, place + 1) as rated,
        sum_of(old.positive, place, place + 1) as positive,
        sum_of(old.negative, place, place + 1) as negative,
        sum_of(old.thousandths, place, place + 1) as thousandths
    from old
    cross join generate_series(0, 23) as place
    where old.day + place * interval '1 hour' not in (select hour from hour)
)
insert into folded_calls (tenant_id, day, campaign_id, calls, answered, talk_secs, answered_talk_secs, rated, positive, negative,
    thousandths)
select
    :tenant_id::uuid,
    day_of(hour),
    campaign_id,
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(calls))::integer[],
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(answered))::integer[],
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(talk_secs)),
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(answered_talk_secs)),
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(rated))::integer[],
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(positive))::integer[],
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(negative))::integer[],
    running_sums(null, 24, array_agg(place_of(hour, 24)), array_agg(thousandths))
from (select * from counted union all select * from kept where calls > 0) as part
group by 2, 3
