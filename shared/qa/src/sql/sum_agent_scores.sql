-- qa.sum_agent_scores
-- Returns one row per agent with an evaluation that was begun in the window, drafts included, by name.
-- Parameters: tenant_id, from, to; after_name, after_id (NULL: the first page), page_size.
-- Index: qa_evaluations_by_creation (index-only).
with quality as (
    select
        agent_id,
        count(*) as evaluations,
        count(*) filter (where status = 'submitted') as submitted,
        count(*) filter (where passed) as passed,
        count(score) as scored,
        coalesce(sum(score * 100), 0)::bigint as score_hundredths,
        min(score) as min_score,
        max(score) as max_score
    from qa_evaluations
    where tenant_id = :tenant_id::uuid
        and created_at >= instant(:from::text)
        and created_at < instant(:to::text)
    group by agent_id
)
select
    agent.id as agent_id,
    agent.name as agent,
    quality.evaluations,
    quality.submitted,
    quality.passed,
    quality.scored,
    quality.score_hundredths,
    quality.min_score,
    quality.max_score
from quality
join agents as agent on agent.id = quality.agent_id
where agent.tenant_id = :tenant_id::uuid
    and (:after_id::uuid is null or (agent.name collate "C", agent.id) > (:after_name::text collate "C", :after_id::uuid))
order by agent.name collate "C", agent.id
limit :page_size::bigint
