-- schedules.find_due_schedules
-- Returns schedules that are due, those that have waited longest first, with the time that is now.
-- Parameters: now (NULL: the database's clock), page_size.
-- Index: report_schedules_due.
select
    id,
    tenant_id,
    report,
    report_id,
    cadence,
    day_of_week,
    day_of_month,
    local_time,
    timezone,
    next_run_at,
    version,
    coalesce(instant(:now::text), now()) as now
from report_schedules
where enabled
    and deleted_at is null
    and next_run_at <= coalesce(instant(:now::text), now())
order by next_run_at, id
limit :page_size::bigint
