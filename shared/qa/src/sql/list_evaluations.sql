-- qa.list_evaluations
-- Returns evaluations, newest first.
-- Parameters: tenant_id; from, to, agent_id, call_id, status (NULL: all); after_at, after_id (NULL: from the newest),
-- page_size.
-- Indexes: qa_evaluations_by_creation, qa_evaluations_by_agent, qa_evaluations_drafts,
-- qa_evaluations_tenant_id_call_id_evaluator_id_key.
select
    id, call_id, scorecard_id, scorecard_version, agent_id, evaluator_id, status, score, passed, answers, points, comment,
    created_at, updated_at, submitted_at
from qa_evaluations
where tenant_id = :tenant_id::uuid
    and (:from::text is null or created_at >= instant(:from::text))
    and (:to::text is null or created_at < instant(:to::text))
    and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    and (:call_id::uuid is null or call_id = :call_id::uuid)
    and (:status::text is null or status = :status::text)
    and (:after_id::uuid is null or (created_at, id) < (instant(:after_at::text), :after_id::uuid))
order by created_at desc, id desc
limit :page_size::bigint
