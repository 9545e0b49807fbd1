-- schedules.list_schedules
-- Returns the tenant's schedules as clients see them, newest first.
-- Parameters: tenant_id; after_at, after_id (NULL: from the newest), page_size.
-- Indexes: report_schedules_by_creation, schedule_recipients_schedule_id_address_key_key, report_runs_by_creation.
select *
from schedules_shown
where tenant_id = :tenant_id::uuid
    and (:after_id::uuid is null or (created_at, id) < (instant(:after_at::text), :after_id::uuid))
order by created_at desc, id desc
limit :page_size::bigint
