-- folds.lock_fold
-- Takes a tenant's fold, unless somebody has it, and says what there is to do: how many leads were touched in hours that are folded, and
-- since which hour; whether hours are left that are not, and up to which hour one step takes them.
-- Parameters: tenant_id, attempts (of one step).
-- Indexes: folds_pkey, attempt_changes_by_hour (index-only), dial_attempts_by_time (index-only).
with fold as materialized (
    select leads_to from folds where tenant_id = :tenant_id::uuid for update skip locked
),
pending as (
    select coalesce(sum(change.leads), 0)::bigint as leads, min(change.hour) as first
    from fold
    join attempt_changes as change
        on change.tenant_id = :tenant_id::uuid and change.hour < fold.leads_to and change.leads > 0
),
next as (
    -- The hour of the first attempt that one step leaves, or the one behind the first hour, however many there are in it.
    select greatest(hour_of(left_over.attempted_at), hour_of(first.attempted_at) + interval '1 hour') as hour
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
    fold.leads_to = 'infinity' as is_whole,
    pending.leads,
    day_of(pending.first)::text as first_day,
    coalesce((select hour from next), 'infinity')::text as upto
from fold
cross join pending
