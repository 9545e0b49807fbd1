-- reports.agent_activity
-- Returns one row per agent, by name: the live state, calls that started in the window, microseconds of the state
-- intervals that ended in it, evaluations submitted in it.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone); team (NULL: all); after_name, after_id
-- (NULL: the first page), page_size.
-- Indexes: agents_by_name, qa_evaluations_by_submission, folded_*_by_day; else cdrs_by_time, agent_state_intervals_by_end
-- (index-only).
with fold as materialized (
    select not :plain::boolean
        and serves_hours(:tenant_id::uuid, 'calls', instant(:from::text), instant(:to::text))
        and serves_hours(:tenant_id::uuid, 'states', instant(:from::text), instant(:to::text)) as is_served
),
plain_talked as materialized (
    select agent_id, count(*) as calls, sum(talk_secs)::bigint as talk_secs
    from cdrs
    where tenant_id = :tenant_id::uuid
        and started_at >= instant(:from::text)
        and started_at < instant(:to::text)
        and agent_id is not null
    group by agent_id
),
talked as (
    select agent_id, entries as calls, talk_secs
    from entry_counts(:tenant_id::uuid, 'agents', instant(:from::text), instant(:to::text), null)
    where (select is_served from fold)
    union all
    select agent_id, calls, talk_secs from plain_talked where not (select is_served from fold)
),
plain_spent as materialized (
    -- An interval without an end is still going on and not counted. The sum is exact: rounding comes later, once.
    select agent_id, state, (extract(epoch from sum(left_at - entered_at)) * 1000000)::bigint as micros
    from agent_state_intervals
    where tenant_id = :tenant_id::uuid
        and left_at >= instant(:from::text)
        and left_at < instant(:to::text)
    group by agent_id, state
),
state_time as (
    select agent_id, available_micros, busy_micros, wrap_micros, break_micros, offline_micros
    from state_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text))
    where (select is_served from fold)
    union all
    select
        agent_id,
        sum(micros) filter (where state = 'available'),
        sum(micros) filter (where state = 'busy'),
        sum(micros) filter (where state = 'wrap'),
        sum(micros) filter (where state = 'break'),
        sum(micros) filter (where state = 'offline')
    from plain_spent
    where not (select is_served from fold)
    group by agent_id
),
quality as (
    select agent_id, count(*) as evaluations, count(score) as scored, sum(score * 100)::bigint as score_hundredths
    from qa_evaluations
    where tenant_id = :tenant_id::uuid
        and status = 'submitted'
        and submitted_at >= instant(:from::text)
        and submitted_at < instant(:to::text)
    group by agent_id
)
select
    agent.id as agent_id,
    agent.name as agent,
    agent.state,
    agent.state_since,
    coalesce(talked.calls, 0) as calls,
    coalesce(talked.talk_secs, 0) as talk_secs,
    coalesce(state_time.available_micros, 0)::bigint as available_micros,
    coalesce(state_time.busy_micros, 0)::bigint as busy_micros,
    coalesce(state_time.wrap_micros, 0)::bigint as wrap_micros,
    coalesce(state_time.break_micros, 0)::bigint as break_micros,
    coalesce(state_time.offline_micros, 0)::bigint as offline_micros,
    coalesce(quality.evaluations, 0) as qa_evaluations,
    coalesce(quality.scored, 0) as qa_scored,
    coalesce(quality.score_hundredths, 0) as qa_score_hundredths
from agents as agent
left join talked on talked.agent_id = agent.id
left join state_time on state_time.agent_id = agent.id
left join quality on quality.agent_id = agent.id
where agent.tenant_id = :tenant_id::uuid
    and (:team::text is null or agent.team = :team::text)
    and (:after_id::uuid is null or (agent.name collate "C", agent.id) > (:after_name::text collate "C", :after_id::uuid))
order by agent.name collate "C", agent.id
limit :page_size::bigint
