-- What writing scorecards and evaluations needs. A version is never changed, so that no past score can be: the application
-- may add versions and nothing else. Of an evaluation it may not change whose it is.

-- Made by the caller: a write that is repeated after a lost answer finds that it was done.
alter table qa_scorecard_versions add column write_token uuid unique;

grant insert on qa_scorecards, qa_scorecard_versions, qa_evaluations to callmetry_app;

grant update (current_version, archived_at, updated_at) on qa_scorecards to callmetry_app;

grant update (agent_id, scorecard_id, scorecard_version, status, answers, score, passed, points, comment, updated_at,
    submitted_at) on qa_evaluations to callmetry_app;

-- The lists, newest first. That of evaluations carries every column that the scores of agents are made of.
create index qa_scorecards_by_creation on qa_scorecards (tenant_id, created_at, id);

create index qa_evaluations_by_creation on qa_evaluations (tenant_id, created_at, id)
    include (agent_id, status, score, passed);

create index qa_evaluations_by_agent on qa_evaluations (tenant_id, agent_id, created_at, id);

-- Drafts are few and far between.
create index qa_evaluations_drafts on qa_evaluations (tenant_id, created_at, id) where status = 'draft';
