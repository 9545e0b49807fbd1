-- reports.summarize_quality
-- Returns what evaluations say that were submitted in the window, numbered in this order: one row per question that was
-- asked, by its text; one per ISO week (its Monday, UTC), agent, and campaign of the call that have any; one for the calls
-- of no campaign.
-- Parameters: tenant_id, from, to; campaign_id (the call's), agent_id (the evaluation's; NULL: all); after_number (NULL: the
-- first page), page_size.
-- Indexes: qa_evaluations_by_submission, qa_scorecard_versions_pkey, cdrs_tenant_id_id_key.
with evaluation as not materialized (
    -- Read twice, rather than kept: the points of all would not fit into memory.
    select *, (date_trunc('week', submitted_at at time zone 'UTC'))::date as week
    from submitted_evaluations
    where tenant_id = :tenant_id::uuid
        and submitted_at >= instant(:from::text)
        and submitted_at < instant(:to::text)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
),
counted as (
    select
        case when grouping(week) = 0 then 'week' when grouping(agent_id) = 0 then 'agent' else 'campaign' end as part,
        week,
        agent_id,
        campaign_id,
        count(*) as evaluations,
        count(score) as scored,
        count(*) filter (where passed) as passed,
        coalesce(sum(score * 100), 0)::bigint as score_hundredths
    from evaluation
    group by grouping sets ((week), (agent_id), (campaign_id))
),
asked_in_version as (
    select
        evaluation.scorecard_id,
        evaluation.scorecard_version,
        point.question_id,
        min(point.text) as text,
        min(point.weight) as weight,
        count(point.points) as answered,
        count(*) filter (where point.points * 100 >= version.pass_score * point.weight) as passed,
        sum(point.points) as points,
        sum(point.weight) filter (where point.points is not null) as weights
    from evaluation
    join qa_scorecard_versions as version
        on version.tenant_id = :tenant_id::uuid
            and version.scorecard_id = evaluation.scorecard_id
            and version.version = evaluation.scorecard_version
    cross join lateral jsonb_to_recordset(evaluation.points)
        as point (question_id text, text text, points numeric, weight numeric)
    group by evaluation.scorecard_id, evaluation.scorecard_version, point.question_id
),
asked as (
    select
        scorecard_id,
        question_id,
        (array_agg(text order by scorecard_version desc))[1] as text,
        (array_agg(weight order by scorecard_version desc))[1] as newest_weight,
        sum(answered)::bigint as answered,
        sum(passed)::bigint as passed,
        coalesce(sum(points), 0) as points,
        coalesce(sum(weights), 0) as weights
    from asked_in_version
    group by scorecard_id, question_id
),
parts as (
    select
        1 as place,
        'question' as part,
        null::date as week,
        null::uuid as id,
        text as name,
        scorecard_id,
        question_id,
        0::bigint as evaluations,
        0::bigint as scored,
        passed,
        0::bigint as score_hundredths,
        answered,
        (points * 100)::bigint as points_hundredths,
        (weights * 100)::bigint as weight_hundredths,
        (newest_weight * 100)::bigint as newest_weight_hundredths
    from asked
    union all
    select
        case counted.part when 'week' then 2 when 'agent' then 3 else 4 end,
        counted.part,
        counted.week,
        coalesce(counted.agent_id, counted.campaign_id),
        coalesce(agent.name, campaign.name),
        null,
        null,
        counted.evaluations,
        counted.scored,
        counted.passed,
        counted.score_hundredths,
        0,
        0,
        0,
        0
    from counted
    left join agents as agent on agent.tenant_id = :tenant_id::uuid and agent.id = counted.agent_id
    left join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = counted.campaign_id
),
numbered as (
    select
        *,
        row_number() over (
            order by place, week, name collate "C" nulls last, id, scorecard_id, question_id collate "C"
        ) as number
    from parts
)
select
    number, part, week, id, name, evaluations, scored, passed, score_hundredths, answered, points_hundredths,
    weight_hundredths, newest_weight_hundredths
from numbered
where number > coalesce(:after_number::bigint, 0)
order by number
limit :page_size::bigint
