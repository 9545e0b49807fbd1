-- qa.archive_scorecard
-- Archives a scorecard and returns its id; no row where there is none. An archived one stays as it is.
-- Parameters: tenant_id, id.
-- Index: qa_scorecards_pkey.
update qa_scorecards
set archived_at = coalesce(archived_at, now()), updated_at = case when archived_at is null then now() else updated_at end
where tenant_id = :tenant_id::uuid
    and id = :id::uuid
returning id
