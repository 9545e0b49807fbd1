-- reports.coach_agents
-- Returns one row per agent, by name: calls that started in the window, microseconds of the state intervals that ended in
-- it, evaluations submitted in it, and, as JSON, the three questions that most points were lost at. For one campaign only
-- agents with calls or evaluations of it.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone, which know an agent's calls of all campaigns
-- together); campaign_id (the call's), agent_id (NULL: all); after_name, after_id (NULL: the first page), page_size.
-- Indexes: agents_by_name, folded_entries_by_day; else cdrs_by_time or cdrs_by_campaign or cdrs_by_agent, agent_state_intervals_by_end,
-- qa_evaluations_by_submission, qa_scorecard_versions_pkey, cdrs_tenant_id_id_key.
with fold as materialized (
    select not :plain::boolean
        and :campaign_id::uuid is null
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
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    group by agent_id
),
talked as (
    select agent_id, entries as calls, talk_secs
    from entry_counts(:tenant_id::uuid, 'agents', instant(:from::text), instant(:to::text), null)
    where entries > 0 and (:agent_id::uuid is null or agent_id = :agent_id::uuid) and (select is_served from fold)
    union all
    select agent_id, calls, talk_secs from plain_talked where not (select is_served from fold)
),
plain_spent as materialized (
    -- As in agent_activity.
    select agent_id, state, (extract(epoch from sum(left_at - entered_at)) * 1000000)::bigint as micros
    from agent_state_intervals
    where tenant_id = :tenant_id::uuid
        and left_at >= instant(:from::text)
        and left_at < instant(:to::text)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    group by agent_id, state
),
state_time as (
    -- Of no campaign: an agent waits for all of them.
    select agent_id, available_micros, busy_micros, wrap_micros
    from state_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text))
    where (:agent_id::uuid is null or agent_id = :agent_id::uuid) and (select is_served from fold)
    union all
    select
        agent_id,
        (sum(micros) filter (where state = 'available'))::bigint,
        (sum(micros) filter (where state = 'busy'))::bigint,
        (sum(micros) filter (where state = 'wrap'))::bigint
    from plain_spent
    where not (select is_served from fold)
    group by agent_id
),
evaluation as not materialized (
    -- As in summarize_quality.
    select *
    from submitted_evaluations
    where tenant_id = :tenant_id::uuid
        and submitted_at >= instant(:from::text)
        and submitted_at < instant(:to::text)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
),
quality as (
    select
        agent_id,
        count(*) as evaluations,
        count(score) as scored,
        count(*) filter (where passed) as passed,
        coalesce(sum(score * 100), 0)::bigint as score_hundredths
    from evaluation
    group by agent_id
),
asked_in_version as materialized (
    select
        evaluation.agent_id,
        evaluation.scorecard_id,
        evaluation.scorecard_version,
        point.question_id,
        min(point.text) as text,
        min(point.weight) as weight,
        count(point.points) as answered,
        count(*) filter (where point.points * 100 >= version.pass_score * point.weight) as passed,
        coalesce(sum(point.points), 0) as points,
        coalesce(sum(point.weight) filter (where point.points is not null), 0) as weights
    from evaluation
    join qa_scorecard_versions as version
        on version.tenant_id = :tenant_id::uuid
            and version.scorecard_id = evaluation.scorecard_id
            and version.version = evaluation.scorecard_version
    cross join lateral jsonb_to_recordset(evaluation.points)
        as point (question_id text, text text, points numeric, weight numeric)
    group by evaluation.agent_id, evaluation.scorecard_id, evaluation.scorecard_version, point.question_id
),
newest as (
    select distinct on (scorecard_id, question_id) scorecard_id, question_id, text, weight
    from asked_in_version
    order by scorecard_id, question_id, scorecard_version desc
),
asked as (
    select
        agent_id,
        scorecard_id,
        question_id,
        sum(answered)::bigint as answered,
        sum(passed)::bigint as passed,
        sum(points) as points,
        sum(weights) as weights
    from asked_in_version
    group by agent_id, scorecard_id, question_id
    having sum(answered) > 0
),
ranked as (
    -- By the numbers that the report shows.
    select
        asked.*,
        newest.text,
        newest.weight,
        row_number() over (
            partition by asked.agent_id
            order by
                round((asked.weights - asked.points) / asked.answered, 2) desc,
                round(asked.passed::numeric / asked.answered, 4),
                newest.text collate "C",
                asked.scorecard_id,
                asked.question_id collate "C"
        ) as rank
    from asked
    join newest using (scorecard_id, question_id)
),
lowest as (
    select
        agent_id,
        jsonb_agg(
            jsonb_build_object(
                'parameter', text,
                'answered', answered,
                'passed', passed,
                'points_hundredths', (points * 100)::bigint,
                'weight_hundredths', (weights * 100)::bigint,
                'newest_weight_hundredths', (weight * 100)::bigint
            )
            order by rank
        ) as parameters
    from ranked
    where rank <= 3
    group by agent_id
)
select
    agent.id as agent_id,
    agent.name as agent,
    coalesce(talked.calls, 0) as calls,
    coalesce(talked.talk_secs, 0) as talk_secs,
    coalesce(state_time.available_micros, 0) as available_micros,
    coalesce(state_time.busy_micros, 0) as busy_micros,
    coalesce(state_time.wrap_micros, 0) as wrap_micros,
    coalesce(quality.evaluations, 0) as evaluations,
    coalesce(quality.scored, 0) as scored,
    coalesce(quality.passed, 0) as passed,
    coalesce(quality.score_hundredths, 0) as score_hundredths,
    coalesce(lowest.parameters, '[]') as lowest
from agents as agent
left join talked on talked.agent_id = agent.id
left join state_time on state_time.agent_id = agent.id
left join quality on quality.agent_id = agent.id
left join lowest on lowest.agent_id = agent.id
where agent.tenant_id = :tenant_id::uuid
    and (:agent_id::uuid is null or agent.id = :agent_id::uuid)
    and (:campaign_id::uuid is null or talked.agent_id is not null or quality.agent_id is not null)
    and (:after_id::uuid is null or (agent.name collate "C", agent.id) > (:after_name::text collate "C", :after_id::uuid))
order by agent.name collate "C", agent.id
limit :page_size::bigint
