-- folds.fold_attempts
-- Counts again the attempts of touched slots of campaigns, also by code, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, cells.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_campaign (index-only), leads_zones (index-only), folded_attempts_by_day,
-- folded_attempt_codes_by_day.
with cell as materialized (
    select slot, campaign_id from oldest_cells(:tenant_id::uuid, :cells::bigint)
),
counted as materialized (
    select
        cell.slot,
        cell.campaign_id,
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
    group by cell.slot, cell.campaign_id, attempt.disposition_code
),
day as materialized (
    select distinct day_of(slot) as day, campaign_id from cell
),
old as (
    delete from folded_attempts as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.day = day.day and folded.campaign_id = day.campaign_id
    returning folded.day, folded.campaign_id, folded.attempts, folded.human, folded.machine, folded.abandoned, folded.inside
),
old_codes as (
    delete from folded_attempt_codes as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.day = day.day and folded.campaign_id = day.campaign_id
    returning folded.day, folded.campaign_id, folded.code, folded.attempts
),
kept as (
    -- The other slots of these days.
    select
        old.day + place * slot_length() as slot,
        old.campaign_id,
        sum_of(old.attempts, place, place + 1) as attempts,
        sum_of(old.human, place, place + 1) as human,
        sum_of(old.machine, place, place + 1) as machine,
        sum_of(old.abandoned, place, place + 1) as abandoned,
        sum_of(old.inside, place, place + 1) as inside
    from old
    cross join generate_series(0, slots_of_day() - 1) as place
    where (old.day + place * slot_length(), old.campaign_id) not in (select slot, campaign_id from cell)
),
kept_codes as (
    select
        old.day + place * slot_length() as slot,
        old.campaign_id,
        old.code,
        sum_of(old.attempts, place, place + 1) as attempts
    from old_codes as old
    cross join generate_series(0, slots_of_day() - 1) as place
    where (old.day + place * slot_length(), old.campaign_id) not in (select slot, campaign_id from cell)
),
new_codes as (
    insert into folded_attempt_codes (tenant_id, day, campaign_id, code, attempts)
    select
        :tenant_id::uuid,
        day_of(slot),
        campaign_id,
        code,
        running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(attempts), slots_of_day())::integer[]
    from (
        select slot, campaign_id, code, attempts from counted where code is not null
        union all
        select * from kept_codes where attempts > 0
    ) as part
    group by 2, 3, 4
)
insert into folded_attempts (tenant_id, day, campaign_id, attempts, human, machine, abandoned, inside)
select
    :tenant_id::uuid,
    day_of(slot),
    campaign_id,
    running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(attempts::bigint), slots_of_day())::integer[],
    running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(human::bigint), slots_of_day())::integer[],
    running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(machine::bigint), slots_of_day())::integer[],
    running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(abandoned::bigint), slots_of_day())::integer[],
    running_sums(array_agg(place_of(slot, slots_of_day())), array_agg(inside::bigint), slots_of_day())::integer[]
from (
    select slot, campaign_id, sum(attempts) as attempts, sum(human) as human, sum(machine) as machine,
        sum(abandoned) as abandoned, sum(inside) as inside
    from counted
    group by slot, campaign_id
    union all
    select * from kept where attempts > 0
) as part
group by 2, 3
