-- qa.find_evaluation_basis
-- Returns, always in one row, all that an evaluation is decided by: whether the call can be evaluated, what this evaluator
-- has kept of it, and the version of the scorecard that applies: the one that it was begun with, else the current one.
-- Parameters: tenant_id, call_id, evaluator_id, scorecard_id.
-- Indexes: the unique ones of each table.
select
    call.id is not null as call_fits,
    kept.scorecard_id as kept_scorecard_id,
    kept.scorecard_version as kept_version,
    coalesce(kept.status = 'submitted', false) as is_submitted,
    card.archived_at is not null as is_archived,
    version.version,
    version.pass_score,
    version.questions
from (values (:tenant_id::uuid)) as tenant (id)
left join cdrs as call
    on call.tenant_id = tenant.id and call.id = :call_id::uuid and call.recording_url <> '' and call.agent_id is not null
left join qa_evaluations as kept
    on kept.tenant_id = tenant.id and kept.call_id = :call_id::uuid and kept.evaluator_id = :evaluator_id::text
left join qa_scorecards as card on card.tenant_id = tenant.id and card.id = :scorecard_id::uuid
left join qa_scorecard_versions as version
    on version.tenant_id = card.tenant_id
        and version.scorecard_id = card.id
        and version.version = case when kept.scorecard_id = card.id then kept.scorecard_version else card.current_version end
