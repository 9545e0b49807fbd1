-- schedules.find_schedule
-- Returns a schedule of the tenant as clients see it; no row where there is none or it was deleted.
-- Parameters: tenant_id, id.
-- Indexes: report_schedules_pkey, schedule_recipients_schedule_id_address_key_key, report_runs_by_creation.
select *
from schedules_shown
where tenant_id = :tenant_id::uuid and id = :id::uuid
