-- qa.find_evaluation
-- Returns an evaluation; no row where there is none.
-- Parameters: tenant_id, id.
-- Index: qa_evaluations_pkey.
select
    id, call_id, scorecard_id, scorecard_version, agent_id, evaluator_id, status, score, passed, answers, points, comment,
    created_at, updated_at, submitted_at
from qa_evaluations
where tenant_id = :tenant_id::uuid
    and id = :id::uuid
