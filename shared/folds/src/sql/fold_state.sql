-- folds.fold_state
-- Returns how far the folding of a tenant is: one row.
-- Parameters: tenant_id. Indexes: folds_pkey, attempt_changes_by_slot (index-only), changed_hours_by_hour, changed_zones_by_tenant.
select
    coalesce(fold.leads_to = 'infinity', false) as is_whole,
    case when isfinite(fold.leads_to) then fold.leads_to end as leads_to,
    case when isfinite(fold.folded_at) then fold.folded_at end as folded_at,
    (
        select coalesce(sum(change.leads), 0)::bigint
        from attempt_changes as change
        where change.tenant_id = :tenant_id::uuid
    ) as touched_leads,
    (
        select count(distinct (change.campaign_id, change.slot))
        from attempt_changes as change
        where change.tenant_id = :tenant_id::uuid
    ) as touched_cells,
    (
        select count(distinct (changed.source, changed.hour))
        from changed_hours as changed
        where changed.tenant_id = :tenant_id::uuid
    ) as touched_hours,
    (select count(*) from changed_zones as changed where changed.tenant_id = :tenant_id::uuid) as changed_zones
from (select) as one
left join folds as fold on fold.tenant_id = :tenant_id::uuid
