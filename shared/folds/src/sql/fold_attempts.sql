-- folds.fold_attempts
-- Counts again the attempts of touched slots of campaigns, also by code, of the earliest days of campaigns: so many of these and of
-- their slots at most.
-- Parameters: tenant_id, cells, days.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_campaign (index-only), leads_zones (index-only), folded_attempts_by_day,
-- folded_attempt_codes_by_day.
with cell as materialized (
    select day, campaign_id, slot from oldest_cells(:tenant_id::uuid, :cells::bigint, :days::bigint)
),
counted as materialized (
    select
        cell.day,
        cell.campaign_id,
        cell.slot,
        attempt.disposition_code as code,
        count(*) as attempts,
        count(*) filter (where attempt.answered_by = 'human') as human,
        count(*) filter (where attempt.answered_by = 'machine') as machine,
        count(*) filter (where attempt.abandoned) as abandoned,
        count(*) filter (
            where is_inside(
                attempt.attempted_at,
                coalesce(lead.timezone, campaign.timezone),
                campaign.calling_hours_start,
                campaign.calling_hours_end
            )
        ) as inside
    from cell
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched slots.
        select other.lead_id, other.attempted_at, other.answered_by, other.abandoned, other.disposition_code
        from dial_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.campaign_id = cell.campaign_id
            and other.attempted_at >= cell.slot and other.attempted_at < cell.slot + slot_length()
        offset 0
    ) as attempt
    -- Where there are no foreign keys, these may come after the attempts.
    left join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = cell.campaign_id
    left join leads as lead on lead.tenant_id = :tenant_id::uuid and lead.id = attempt.lead_id
    group by cell.day, cell.campaign_id, cell.slot, attempt.disposition_code
),
day as materialized (
    select distinct day, campaign_id from cell
),
old as (
    delete from folded_attempts as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.day = day.day and folded.campaign_id = day.campaign_id
    -- `[:]` is a copy of what is stored apart: slots are looked up many times.
    returning folded.day, folded.campaign_id, folded.attempts, folded.human, folded.machine, folded.abandoned,
        folded.inside[:] as inside
),
old_codes as (
    delete from folded_attempt_codes as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.day = day.day and folded.campaign_id = day.campaign_id
    returning folded.day, folded.campaign_id, folded.code, folded.attempts
),
-- What the slots have now less what was folded of them is added to the running sums of their days.
changed as (
    select day, campaign_id, place_of(slot, slots_of_day()) as place, attempts, human, machine, abandoned, inside
    from counted
    union all
    select
        old.day,
        old.campaign_id,
        place,
        -sum_of(old.attempts, place, place + 1),
        -sum_of(old.human, place, place + 1),
        -sum_of(old.machine, place, place + 1),
        -sum_of(old.abandoned, place, place + 1),
        -sum_of(old.inside, place, place + 1)
    from cell
    join old on old.day = cell.day and old.campaign_id = cell.campaign_id
    cross join lateral place_of(cell.slot, slots_of_day()) as place
),
changed_codes as (
    select day, campaign_id, code, place_of(slot, slots_of_day()) as place, attempts
    from counted
    where code is not null
    union all
    select old.day, old.campaign_id, old.code, place, -sum_of(old.attempts, place, place + 1)
    from cell
    join old_codes as old on old.day = cell.day and old.campaign_id = cell.campaign_id
    cross join lateral place_of(cell.slot, slots_of_day()) as place
),
new_codes as (
    insert into folded_attempt_codes (tenant_id, day, campaign_id, code, attempts)
    select
        :tenant_id::uuid,
        day,
        campaign_id,
        code,
        running_sums(old.attempts, slots_of_day(), changed.places, changed.attempts)::integer[]
    from (
        select day, campaign_id, code, array_agg(place) as places, array_agg(attempts) as attempts, sum(attempts) as more
        from changed_codes
        group by day, campaign_id, code
    ) as changed
    left join old_codes as old using (day, campaign_id, code)
    where coalesce(old.attempts[slots_of_day()], 0) + more > 0
)
insert into folded_attempts (tenant_id, day, campaign_id, attempts, human, machine, abandoned, inside)
select
    :tenant_id::uuid,
    day,
    campaign_id,
    running_sums(old.attempts, slots_of_day(), changed.places, changed.attempts)::integer[],
    running_sums(old.human, slots_of_day(), changed.places, changed.human)::integer[],
    running_sums(old.machine, slots_of_day(), changed.places, changed.machine)::integer[],
    running_sums(old.abandoned, slots_of_day(), changed.places, changed.abandoned)::integer[],
    running_sums(old.inside, slots_of_day(), changed.places, changed.inside)::integer[]
from (
    select
        day,
        campaign_id,
        array_agg(place) as places,
        array_agg(attempts) as attempts,
        array_agg(human) as human,
        array_agg(machine) as machine,
        array_agg(abandoned) as abandoned,
        array_agg(inside) as inside,
        sum(attempts) as more
    from changed
    group by day, campaign_id
) as changed
left join old using (day, campaign_id)
where coalesce(old.attempts[slots_of_day()], 0) + more > 0
