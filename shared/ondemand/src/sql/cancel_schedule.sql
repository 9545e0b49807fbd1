-- ondemand.cancel_schedule
-- Ends the schedule that a report of the tenant carries, and returns the schedule's id; no row where the report never carried one.
-- Reports and runs stay. Done twice it is the same.
-- Parameters: tenant_id, report_id.
-- Index: report_schedules_by_report.
update report_schedules
set deleted_at = coalesce(deleted_at, now()),
    version = version + case when deleted_at is null then 1 else 0 end,
    updated_at = case when deleted_at is null then now() else updated_at end
where tenant_id = :tenant_id::uuid and report_id = :report_id::text
returning id
