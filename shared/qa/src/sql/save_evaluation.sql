-- qa.save_evaluation
-- Keeps an evaluation, one per call and evaluator, and returns it. No row, and nothing changed, where the call can not be
-- evaluated, or where what is kept is no longer of the version that was read or is scored with, or is submitted and would
-- become a draft.
-- Parameters: tenant_id, id, call_id, evaluator_id, scorecard_id, scorecard_version, status, answers (JSON), score, passed,
-- points (JSON), comment; kept_scorecard_id, kept_version: what was read (NULL: nothing).
-- Indexes: cdrs_pkey, qa_evaluations_tenant_id_call_id_evaluator_id_key.
insert into qa_evaluations as kept (
    id, tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status, answers, score, passed, points,
    comment, submitted_at
)
select
    :id::uuid,
    call.tenant_id,
    call.id,
    call.agent_id,
    :evaluator_id::text,
    :scorecard_id::uuid,
    :scorecard_version::bigint,
    :status::text,
    :answers::jsonb,
    :score::numeric,
    :passed::boolean,
    :points::jsonb,
    :comment::text,
    case when :status::text = 'submitted' then now() end
from cdrs as call
where call.tenant_id = :tenant_id::uuid
    and call.id = :call_id::uuid
    and call.recording_url <> ''
    and call.agent_id is not null
on conflict (tenant_id, call_id, evaluator_id) do update set
    agent_id = excluded.agent_id,
    scorecard_id = excluded.scorecard_id,
    scorecard_version = excluded.scorecard_version,
    status = excluded.status,
    answers = excluded.answers,
    score = excluded.score,
    passed = excluded.passed,
    points = excluded.points,
    comment = excluded.comment,
    updated_at = now(),
    submitted_at = coalesce(kept.submitted_at, excluded.submitted_at)
where (kept.scorecard_id, kept.scorecard_version) in (
        (excluded.scorecard_id, excluded.scorecard_version),
        (:kept_scorecard_id::uuid, :kept_version::bigint)
    )
    and not (kept.status = 'submitted' and excluded.status = 'draft')
returning
    id, call_id, scorecard_id, scorecard_version, agent_id, evaluator_id, status, score, passed, answers, points, comment,
    created_at, updated_at, submitted_at
