-- ondemand.count_reports
-- How many reports of the tenant there are.
-- Parameters: tenant_id; type, status, scheduled (NULL: any).
-- Index: on_demand_reports_by_creation.
select count(*) as total
from on_demand_reports as report
where tenant_id = :tenant_id::uuid
    and (:type::text is null or type = :type::text)
    and (:status::text is null or status = :status::text)
    and (:scheduled::boolean is null or :scheduled::boolean = exists (
        select
        from report_schedules
        where report_id = report.id and deleted_at is null
    ))
