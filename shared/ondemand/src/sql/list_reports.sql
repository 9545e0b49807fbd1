-- ondemand.list_reports
-- Reports of the tenant as clients see them, newest first, after a place or after so many.
-- Parameters: tenant_id; type, status, scheduled (NULL: any); after_at, after_id (NULL: from the newest), skip, page_size.
-- Index: on_demand_reports_by_creation.
select *
from on_demand_reports_shown
where tenant_id = :tenant_id::uuid
    and (:type::text is null or type = :type::text)
    and (:status::text is null or status = :status::text)
    and (:scheduled::boolean is null or (schedule is not null) = :scheduled::boolean)
    and (:after_id::text is null or (created_at, id) < (instant(:after_at::text), :after_id::text))
order by created_at desc, id desc
offset :skip::bigint
limit :page_size::bigint
