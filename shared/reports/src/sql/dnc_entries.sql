-- reports.dnc_entries
-- Returns one row per source that has entries before the window's end: all of them, and those added in the window.
-- Parameters: tenant_id, from, to. Index: dnc_entries_by_time (index-only).
select source, count(*) as total, count(*) filter (where added_at >= instant(:from::text)) as additions
from dnc_entries
where tenant_id = :tenant_id::uuid and added_at < instant(:to::text)
group by source
order by source collate "C"
