-- qa.list_scorecards
-- Returns scorecards as their current versions say, newest first.
-- Parameters: tenant_id; archived (NULL: all); after_at, after_id (NULL: from the newest), page_size.
-- Indexes: qa_scorecards_by_creation, qa_scorecard_versions_pkey.
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
    and (:archived::boolean is null or (card.archived_at is not null) = :archived::boolean)
    and (:after_id::uuid is null or (card.created_at, card.id) < (instant(:after_at::text), :after_id::uuid))
order by card.created_at desc, card.id desc
limit :page_size::bigint
