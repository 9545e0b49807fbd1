-- schedules.delete_schedule
-- Deletes a schedule of digests and returns its id; no row where there is none. Its log stays. Repeated with the same token it returns the
-- same.
-- Parameters: tenant_id, id, write_token.
-- Index: report_schedules_pkey.
update report_schedules
set deleted_at = coalesce(deleted_at, now()), write_token = :write_token::uuid, version = version + 1, updated_at = now()
where tenant_id = :tenant_id::uuid
    and id = :id::uuid
    and report_id is null
    and (deleted_at is null or write_token = :write_token::uuid)
returning id
