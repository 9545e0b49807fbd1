-- qa.revise_scorecard
-- Adds a version to a scorecard that is not archived and returns it; no row where there is no such scorecard. Repeated with
-- the same token, it returns the version that was added. While the first is still running, the repetition fails: the token
-- is unique.
-- Parameters: tenant_id, id, write_token, name, pass_score, questions (JSON).
-- Indexes: qa_scorecards_pkey, qa_scorecard_versions_write_token_key.
with card as (
    -- Whoever comes second waits for this row and counts on from what it finds then.
    update qa_scorecards
    set current_version = current_version + 1, updated_at = now()
    where tenant_id = :tenant_id::uuid
        and id = :id::uuid
        and archived_at is null
        and not exists (select from qa_scorecard_versions where write_token = :write_token::uuid)
    returning tenant_id, id, current_version, created_at
),
version as (
    insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions, write_token)
    select tenant_id, id, current_version, :name::text, :pass_score::numeric, :questions::jsonb, :write_token::uuid
    from card
    returning version, created_at as updated_at
)
select version.version, card.created_at, version.updated_at
from card
cross join version
union all
select version.version, card.created_at, version.created_at
from qa_scorecard_versions as version
join qa_scorecards as card on card.tenant_id = version.tenant_id and card.id = version.scorecard_id
where version.write_token = :write_token::uuid
    and version.tenant_id = :tenant_id::uuid
