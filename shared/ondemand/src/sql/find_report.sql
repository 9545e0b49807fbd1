-- ondemand.find_report
-- One report of the tenant whose it is.
-- Parameters: tenant_id, report_id.
-- Index: on_demand_reports_pkey.
select *
from on_demand_reports_shown
where tenant_id = :tenant_id::uuid and id = :report_id::text
