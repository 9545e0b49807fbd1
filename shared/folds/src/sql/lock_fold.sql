-- folds.lock_fold
-- Takes a tenant's fold, unless somebody has it, and says what there is to do: whether it is to be started from nothing, how many
-- leads were touched in slots that are folded, since which day, of how many rows of links these are at most, whether slots are left
-- that are not folded, and up to which one a step takes them.
-- Parameters: tenant_id, attempts and link_rows (of one step).
-- Indexes: folds_pkey, attempt_changes_by_slot (index-only), folded_leads_by_day (index-only), dial_attempts_by_time (index-only).
with fold as materialized (
    select leads_to from folds where tenant_id = :tenant_id::uuid for update skip locked
),
change as materialized (
    select change.campaign_id, change.slot, change.leads
    from fold
    join attempt_changes as change
        on change.tenant_id = :tenant_id::uuid and change.slot < fold.leads_to and change.leads > 0
),
known as materialized (
    -- Days with attempts: one with a date of long ago does not make a history long.
    select day from folded_leads where tenant_id = :tenant_id::uuid
    union
    select day_of(slot) from change
),
pending as (
    select
        coalesce(sum(leads), 0)::bigint as leads,
        coalesce(
            sum(leads) filter (where slot < (select max(day) from folded_leads where tenant_id = :tenant_id::uuid)),
            0
        )::bigint as late_leads,
        count(distinct campaign_id) as campaigns,
        day_of(min(slot)) as first_day,
        day_of(max(slot)) as last_day
    from change
),
touched as (
    select
        leads,
        first_day,
        least(
            -- An attempt that comes or goes changes up to three links in its campaign and three in the tenant: to it, from it, and
            -- past it. On the last day and behind it the first and the third are of one row, and the second leads to the same day.
            2 * leads + 4 * late_leads + campaigns + 1,
            -- Links that change lead to the first touched day or a later one, and come from the last touched day or an earlier one.
            (campaigns + 1)
            * (select count(*) from known where day >= first_day)
            * (select count(*) from known where day <= last_day)
        ) as link_rows
    from pending
),
first as (
    -- The first attempt that is not folded; how many days may have links to its day; and how many rows there are of two days.
    select
        attempt.attempted_at,
        day_of(attempt.attempted_at) as day,
        (select count(*) + 1 from known) as history,
        (select count(*) + 1 from campaigns where tenant_id = :tenant_id::uuid) as campaigns
    from fold
    cross join lateral (
        select attempted_at
        from dial_attempts
        where tenant_id = :tenant_id::uuid and attempted_at >= fold.leads_to
        order by attempted_at
        limit 1
    ) as attempt
    where fold.leads_to < 'infinity'
),
next as (
    -- Up to the first attempt that is too much, but one slot at least, however many there are in it. Two links lead to an attempt, so
    -- that many attempts are not too much for the rows; nor are days, each with links from all days up to it.
    select
        greatest(
            slot_of(first.attempted_at) + slot_length(),
            least(
                (
                    select slot_of(attempted_at)
                    from dial_attempts
                    where tenant_id = :tenant_id::uuid and attempted_at >= first.attempted_at
                    order by attempted_at
                    offset :attempts::bigint
                    limit 1
                ),
                greatest(
                    coalesce(
                        (
                            select slot_of(attempted_at)
                            from dial_attempts
                            where tenant_id = :tenant_id::uuid and attempted_at >= first.attempted_at
                            order by attempted_at
                            offset :link_rows::bigint / 2
                            limit 1
                        ),
                        'infinity'
                    ),
                    first.day + interval '24 hours'
                    * floor((sqrt(first.history::double precision ^ 2 + 4.0 * :link_rows::bigint / first.campaigns) - first.history) / 2)
                )
            )
        ) as slot
    from first
)
select
    fold.leads_to is not null as is_started,
    coalesce(fold.leads_to = 'infinity', false) as is_whole,
    touched.leads,
    touched.first_day::text as first_day,
    touched.link_rows,
    coalesce((select slot from next), 'infinity')::text as upto,
    -- For the statements of this step: what they group and sort is not small.
    set_config('work_mem', '64MB', true) as work_mem
from fold
cross join touched
