-- folds.fold_calls
-- Counts again calls by campaign of touched hours, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, hours.
-- Indexes: changed_hours_by_hour, cdrs_by_time, folded_calls_by_time.
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
        select * from source_calls(:tenant_id::uuid, hour.hour, hour.hour + interval '1 hour') offset 0
    ) as call
    group by 1, 2
),
day as materialized (
    select distinct day_of(hour) as day from hour
),
kept as (
    -- The other hours of these days.
    select
        folded.starts_at as hour,
        folded.campaign_id,
        folded.calls,
        folded.answered,
        folded.talk_secs,
        folded.answered_talk_secs,
        folded.rated,
        folded.positive,
        folded.negative,
        folded.thousandths
    from day
    join folded_calls as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'slot'
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from hour where hour.hour = folded.starts_at)
),
old_hours as (
    delete from folded_calls as folded
    using hour
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot' and folded.starts_at = hour.hour
),
old_days as (
    delete from folded_calls as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
),
new_hours as (
    insert into folded_calls (tenant_id, span, starts_at, campaign_id, calls, answered, talk_secs, answered_talk_secs, rated,
        positive, negative, thousandths)
    select :tenant_id::uuid, 'slot', hour, campaign_id, calls, answered, talk_secs, answered_talk_secs, rated, positive,
        negative, thousandths
    from counted
)
insert into folded_calls (tenant_id, span, starts_at, campaign_id, calls, answered, talk_secs, answered_talk_secs, rated,
    positive, negative, thousandths)
select :tenant_id::uuid, 'day', day_of(hour), campaign_id, sum(calls), sum(answered), sum(talk_secs), sum(answered_talk_secs),
    sum(rated), sum(positive), sum(negative), sum(thousandths)
from (select * from counted union all select * from kept) as part
group by day_of(hour), campaign_id
