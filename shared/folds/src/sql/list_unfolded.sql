-- folds.list_unfolded
-- Returns tenants with something to fold, the longest untouched first: those in the middle of it, and those whose last fold is so
-- many seconds ago.
-- Parameters: rest_secs, limit. Indexes: attempt_changes_by_slot, changed_hours_by_hour, changed_zones_by_tenant.
select tenant.id
from tenants as tenant
left join folds as fold on fold.tenant_id = tenant.id
where fold.tenant_id is null
    or (fold.leads_to < 'infinity' or fold.folded_at <= now() - :rest_secs::bigint * interval '1 second')
    and (
        fold.leads_to < 'infinity'
        or exists (select from attempt_changes as change where change.tenant_id = tenant.id)
        or exists (select from changed_hours as changed where changed.tenant_id = tenant.id)
        or exists (select from changed_zones as changed where changed.tenant_id = tenant.id)
    )
order by fold.folded_at nulls first, tenant.id
limit :limit::bigint
