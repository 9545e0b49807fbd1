-- folds.has_hours
-- Returns a row if hours of a source were touched.
-- Parameters: tenant_id, source. Index: changed_hours_by_hour.
select hour
from changed_hours
where tenant_id = :tenant_id::uuid and source = :source::text
limit 1
