-- qa.find_scorecard
-- Returns a scorecard as its current version says; no row where there is none.
-- Parameters: tenant_id, id.
-- Indexes: qa_scorecards_pkey, qa_scorecard_versions_pkey.
select
    card.id,
    version.name,
    version.pass_score,
    version.questions,
    version.version,
    card.archived_at is not null as archived,
    card.created_at,
    card.updated_at
from qa_scorecards as card
join qa_scorecard_versions as version
    on version.tenant_id = card.tenant_id and version.scorecard_id = card.id and version.version = card.current_version
where card.tenant_id = :tenant_id::uuid
    and card.id = :id::uuid
