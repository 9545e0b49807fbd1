-- reports.dnc_entries
-- Returns one row per source that has entries before the window's end: all of them, and those added in the window.
-- Parameters: tenant_id, from, to; plain (whether to leave the folded counts alone).
-- Indexes: folded_entries_by_day; else dnc_entries_by_time (index-only).
with fold as materialized (
    select not :plain::boolean
        and serves_hours(:tenant_id::uuid, 'dnc', instant(:from::text), instant(:to::text)) as is_served
),
plain as materialized (
    select source, count(*) as total, count(*) filter (where added_at >= instant(:from::text)) as additions
    from dnc_entries
    where tenant_id = :tenant_id::uuid and added_at < instant(:to::text)
    group by source
)
select source, total, additions
from (
    select so_far.name as source, so_far.entries as total, coalesce(added.entries, 0) as additions
    from entry_counts(:tenant_id::uuid, 'dnc', '-infinity', instant(:to::text), null) as so_far
    left join entry_counts(:tenant_id::uuid, 'dnc', instant(:from::text), instant(:to::text), null) as added on added.name = so_far.name
    where so_far.entries > 0 and (select is_served from fold)
    union all
    select source, total, additions from plain where not (select is_served from fold)
) as counted
order by source collate "C"
