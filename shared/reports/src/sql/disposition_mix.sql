-- reports.disposition_mix
-- Returns one row per code that occurred, largest count first, then by code. A code that is not defined is its own label.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone); campaign_id (NULL: all); after_count,
-- after_code (NULL: the first page), page_size.
-- Indexes: folded_attempt_codes_by_day; else dial_attempts_by_time, or dial_attempts_by_campaign for one campaign (both index-only).
with fold as materialized (
    select not :plain::boolean
        and serves_attempts(:tenant_id::uuid, instant(:from::text), instant(:to::text), false) as is_served
),
plain as materialized (
    select disposition_code as code, count(*) as count
    from dial_attempts
    where tenant_id = :tenant_id::uuid
        and attempted_at >= instant(:from::text)
        and attempted_at < instant(:to::text)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and disposition_code is not null
    group by disposition_code
),
counted as (
    select code, sum(attempts)::bigint as count
    from attempt_code_counts(:tenant_id::uuid, instant(:from::text), instant(:to::text), :campaign_id::uuid, false)
    where (select is_served from fold)
    group by code
    union all
    select code, count from plain where not (select is_served from fold)
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
