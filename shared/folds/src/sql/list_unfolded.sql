-- folds.list_unfolded
-- Returns tenants with something to fold, the longest untouched first: those in the middle of it, those whose last fold is so many
-- seconds ago, and those that have rows of which nothing is folded.
-- Parameters: rest_secs, limit. Indexes: folds_pkey, attempt_changes_by_slot, changed_hours_by_hour, changed_zones_by_tenant,
-- dial_attempts_by_time, cdrs_by_time, agent_state_intervals_by_end, dnc_entries_by_time.
select tenant.id
from tenants as tenant
left join folds as fold on fold.tenant_id = tenant.id
where case
    when fold.leads_to is null then
        exists (select from dial_attempts as attempt where attempt.tenant_id = tenant.id)
        or exists (select from cdrs as call where call.tenant_id = tenant.id)
        or exists (select from agent_state_intervals as spent where spent.tenant_id = tenant.id and spent.left_at is not null)
        or exists (select from dnc_entries as entry where entry.tenant_id = tenant.id)
    when fold.leads_to < 'infinity' then true
    when fold.folded_at > now() - :rest_secs::bigint * interval '1 second' then false
    else
        exists (select from attempt_changes as change where change.tenant_id = tenant.id)
        or exists (select from changed_hours as changed where changed.tenant_id = tenant.id)
        or exists (select from changed_zones as changed where changed.tenant_id = tenant.id)
end
order by fold.folded_at nulls first, tenant.id
limit :limit::bigint
