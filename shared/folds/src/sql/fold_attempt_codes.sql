-- folds.fold_attempt_codes
-- Counts again the attempts by code of touched slots of campaigns, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, cells.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_campaign (index-only), folded_attempt_codes_by_day.
with cell as materialized (
    select slot, campaign_id from oldest_cells(:tenant_id::uuid, :cells::bigint)
),
counted as materialized (
    select cell.slot, cell.campaign_id, attempt.disposition_code as code, count(*) as attempts
    from cell
    cross join lateral (
        -- A loop over the index, whatever the planner thinks of the touched slots.
        select other.disposition_code
        from dial_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.campaign_id = cell.campaign_id
            and other.attempted_at >= cell.slot and other.attempted_at < cell.slot + slot_length()
        offset 0
    ) as attempt
    where attempt.disposition_code is not null
    group by cell.slot, cell.campaign_id, attempt.disposition_code
),
day as materialized (
    select distinct day_of(slot) as day, campaign_id from cell
),
old as (
    delete from folded_attempt_codes as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.day = day.day and folded.campaign_id = day.campaign_id
    returning folded.day, folded.campaign_id, folded.code, folded.attempts
),
kept as (
    -- The other slots of these days.
    select old.day + place * slot_length() as slot, old.campaign_id, old.code, sum_of(old.attempts, place, place + 1) as attempts
    from old
    cross join generate_series(0, slots_of_day() - 1) as place
    where (old.day + place * slot_length(), old.campaign_id) not in (select slot, campaign_id from cell)
)
insert into folded_attempt_codes (tenant_id, day, campaign_id, code, attempts)
select
    :tenant_id::uuid,
    day_of(slot),
    campaign_id,
    code,
    running_sums(place_of(slot, slots_of_day()), slots_of_day(), attempts)::integer[]
from (select * from counted union all select * from kept where attempts > 0) as part
group by 2, 3, 4
