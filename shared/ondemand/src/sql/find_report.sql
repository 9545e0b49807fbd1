-- ondemand.find_report
-- One report of the tenant whose it is.
select id, type, format, from_at, to_at, filters, status, created_at, completed_at, file_key, error,
    status = 'generating' and coalesce(lease_until <= now(), true) as is_idle
from on_demand_reports
where tenant_id = :tenant_id::uuid and id = :report_id::text
