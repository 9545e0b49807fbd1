-- reports.disposition_mix
-- Returns one row per code that occurred, largest count first, then by code. A code that is not defined is its own label.
-- Parameters: tenant_id, from, to; campaign_id (NULL: all); after_count, after_code (NULL: the first page), page_size.
-- Index: dial_attempts_by_time, or dial_attempts_by_campaign for one campaign (both index-only).
with counted as (
    select disposition_code as code, count(*) as count
    from dial_attempts
    where tenant_id = :tenant_id::uuid
        and attempted_at >= instant(:from::text)
        and attempted_at < instant(:to::text)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and disposition_code is not null
    group by disposition_code
)
select
    counted.code,
    coalesce(disposition.label, counted.code) as label,
    coalesce(disposition.category, 'unknown') as category,
    counted.count
from counted
left join dispositions as disposition
    on disposition.tenant_id = :tenant_id::uuid and disposition.code = counted.code
where :after_count::bigint is null
    or counted.count < :after_count::bigint
    or (counted.count = :after_count::bigint and counted.code collate "C" > :after_code::text collate "C")
order by counted.count desc, counted.code collate "C"
limit :page_size::bigint
