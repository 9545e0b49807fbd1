-- folds.cut_fold
-- Leaves the leads of a tenant folded only up to a day: so many were touched behind it that to fold them again is less work.
-- Parameters: tenant_id, day. Indexes: folds_pkey, folded_leads_by_time, folded_links_by_day.
with leads as (
    delete from folded_leads where tenant_id = :tenant_id::uuid and span in ('slot', 'day') and starts_at >= instant(:day::text)
),
links as (
    delete from folded_links where tenant_id = :tenant_id::uuid and span in ('slot', 'day') and starts_at >= instant(:day::text)
)
update folds set leads_to = instant(:day::text) where tenant_id = :tenant_id::uuid
