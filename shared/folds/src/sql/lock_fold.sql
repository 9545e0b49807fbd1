-- folds.lock_fold
-- Takes a tenant's fold, unless somebody has it, and says what there is to do: whether it is to be started from nothing, how many
-- leads were touched in slots that are folded, since which day, whether slots are left that are not, and up to which one a step takes
-- them.
-- Parameters: tenant_id, attempts (of one step).
-- Indexes: folds_pkey, attempt_changes_by_slot (index-only), dial_attempts_by_time (index-only).
with fold as materialized (
    select leads_to from folds where tenant_id = :tenant_id::uuid for update skip locked
),
pending as (
    select coalesce(sum(change.leads), 0)::bigint as leads, min(change.slot) as first
    from fold
    join attempt_changes as change
        on change.tenant_id = :tenant_id::uuid and change.slot < fold.leads_to and change.leads > 0
),
next as (
    -- The slot of the first attempt that one step leaves, or the one behind the first slot, however many there are in it.
    select greatest(slot_of(left_over.attempted_at), slot_of(first.attempted_at) + slot_length()) as slot
    from fold
    cross join lateral (
        select attempted_at
        from dial_attempts
        where tenant_id = :tenant_id::uuid and attempted_at >= fold.leads_to
        order by attempted_at
        limit 1
    ) as first
    cross join lateral (
        select attempted_at
        from dial_attempts
        where tenant_id = :tenant_id::uuid and attempted_at >= fold.leads_to
        order by attempted_at
        offset :attempts::bigint
        limit 1
    ) as left_over
    where fold.leads_to < 'infinity'
)
select
    fold.leads_to is not null as is_started,
    coalesce(fold.leads_to = 'infinity', false) as is_whole,
    pending.leads,
    day_of(pending.first)::text as first_day,
    coalesce((select slot from next), 'infinity')::text as upto,
    -- For the statements of this step: what they group and sort is not small.
    set_config('work_mem', '64MB', true) as work_mem
from fold
cross join pending
