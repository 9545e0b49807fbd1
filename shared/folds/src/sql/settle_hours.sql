-- folds.settle_hours
-- Forgets that the hours of a source were touched which were counted again: the earliest, so many. Returns how many there were.
-- Parameters: tenant_id, source, hours. Index: changed_hours_by_hour.
with hour as materialized (
    select hour from oldest_hours(:tenant_id::uuid, :source::text, :hours::bigint)
),
done as (
    delete from changed_hours as changed
    using hour
    where changed.tenant_id = :tenant_id::uuid and changed.source = :source::text and changed.hour = hour.hour
)
select count(*) as hours from hour
