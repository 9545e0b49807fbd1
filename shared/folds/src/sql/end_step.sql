-- folds.end_step
-- Ends a step; where nothing is left, the tenant rests. Written in any case: a step that saw an older moment fails on it.
-- Parameters: tenant_id, is_done. Index: folds_pkey.
update folds
set folded_at = case when :is_done::boolean then now() else folded_at end
where tenant_id = :tenant_id::uuid
