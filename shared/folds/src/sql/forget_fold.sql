-- folds.forget_fold
-- Deletes what an earlier fold of a tenant left.
-- Parameters: tenant_id. Indexes: folded_*_by_day.
with attempts as (delete from folded_attempts where tenant_id = :tenant_id::uuid),
attempt_codes as (delete from folded_attempt_codes where tenant_id = :tenant_id::uuid),
leads as (delete from folded_leads where tenant_id = :tenant_id::uuid),
links as (delete from folded_links where tenant_id = :tenant_id::uuid),
calls as (delete from folded_calls where tenant_id = :tenant_id::uuid),
states as (delete from folded_states where tenant_id = :tenant_id::uuid)
delete from folded_entries where tenant_id = :tenant_id::uuid
