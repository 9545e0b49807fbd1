-- schedules.has_schedule
-- Returns the id of a schedule of digests of the tenant, deleted or not; no row where there was none.
-- Parameters: tenant_id, id.
-- Index: report_schedules_pkey.
select id
from report_schedules
where tenant_id = :tenant_id::uuid and id = :id::uuid and report_id is null
