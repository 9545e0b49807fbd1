-- folds.forget_fold
-- Deletes what an earlier fold of a tenant left.
-- Parameters: tenant_id. Indexes: folded_*_by_time.
with a as (delete from folded_attempts where tenant_id = :tenant_id::uuid),
a2 as (delete from folded_attempt_codes where tenant_id = :tenant_id::uuid),
b as (delete from folded_leads where tenant_id = :tenant_id::uuid),
c as (delete from folded_links where tenant_id = :tenant_id::uuid),
d as (delete from folded_calls where tenant_id = :tenant_id::uuid),
e as (delete from folded_call_causes where tenant_id = :tenant_id::uuid),
f as (delete from folded_call_codes where tenant_id = :tenant_id::uuid),
g as (delete from folded_agent_calls where tenant_id = :tenant_id::uuid),
h as (delete from folded_agent_states where tenant_id = :tenant_id::uuid)
delete from folded_dnc_entries where tenant_id = :tenant_id::uuid
