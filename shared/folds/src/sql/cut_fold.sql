-- folds.cut_fold
-- Leaves the leads of a tenant folded only up to a day: more were touched behind it than one step may take.
-- Parameters: tenant_id, day. Indexes: folds_pkey, folded_leads_by_day, folded_links_by_day.
with leads as (
    delete from folded_leads where tenant_id = :tenant_id::uuid and day >= instant(:day::text)
),
links as (
    delete from folded_links where tenant_id = :tenant_id::uuid and day >= instant(:day::text)
)
update folds set leads_to = instant(:day::text) where tenant_id = :tenant_id::uuid
