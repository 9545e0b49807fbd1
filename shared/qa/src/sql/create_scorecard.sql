-- qa.create_scorecard
-- Makes a scorecard with its first version and returns when. Repeated with the same id, it returns the same and makes nothing.
-- Parameters: tenant_id, id, write_token, name, pass_score, questions (JSON).
with card as (
    -- Nothing is changed: an update also returns a row that is not visible yet to a statement that began before it.
    insert into qa_scorecards (tenant_id, id)
    values (:tenant_id::uuid, :id::uuid)
    on conflict (id) do update set updated_at = qa_scorecards.updated_at
    returning tenant_id, id, created_at
),
version as (
    insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions, write_token)
    select tenant_id, id, 1, :name::text, :pass_score::numeric, :questions::jsonb, :write_token::uuid
    from card
    on conflict do nothing
)
select created_at
from card
