-- folds.fold_attempts
-- Counts again the attempts of touched slots of campaigns, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, cells.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_campaign (index-only), leads_tenant_id_id_key, folded_attempts_by_time.
with cell as materialized (
    select slot, campaign_id from oldest_cells(:tenant_id::uuid, :cells::bigint)
),
counted as materialized (
    select
        cell.slot,
        cell.campaign_id,
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
        select other.lead_id, other.attempted_at, other.answered_by, other.abandoned
        from dial_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.campaign_id = cell.campaign_id
            and other.attempted_at >= cell.slot and other.attempted_at < cell.slot + interval '30 minutes'
        offset 0
    ) as attempt
    -- Where there are no foreign keys, these may come after the attempts.
    left join campaigns as campaign on campaign.tenant_id = :tenant_id::uuid and campaign.id = cell.campaign_id
    left join leads as lead on lead.tenant_id = :tenant_id::uuid and lead.id = attempt.lead_id
    group by cell.slot, cell.campaign_id
),
day as materialized (
    select distinct day_of(slot) as day, campaign_id from cell
),
kept as (
    -- The other slots of these days.
    select folded.starts_at as slot, folded.campaign_id, folded.attempts, folded.human, folded.machine,
        folded.abandoned, folded.inside
    from (select distinct day from day) as touched
    cross join lateral (
        select *
        from folded_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.span = 'slot'
            and other.starts_at >= touched.day and other.starts_at < touched.day + interval '24 hours'
        offset 0
    ) as folded
    where (touched.day, folded.campaign_id) in (select day, campaign_id from day)
        and (folded.starts_at, folded.campaign_id) not in (select slot, campaign_id from cell)
),
old_slots as (
    -- "is true" has the slots looked up in a hash table, whatever the planner thinks of how many there are.
    delete from folded_attempts as folded
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'slot'
        and folded.starts_at >= (select min(slot) from cell) and folded.starts_at <= (select max(slot) from cell)
        and ((folded.starts_at, folded.campaign_id) in (select slot, campaign_id from cell)) is true
),
old_days as (
    delete from folded_attempts as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
        and folded.campaign_id = day.campaign_id
),
new_slots as (
    insert into folded_attempts (tenant_id, span, starts_at, campaign_id, attempts, human, machine, abandoned, inside)
    select :tenant_id::uuid, 'slot', slot, campaign_id, attempts, human, machine, abandoned, inside
    from counted
)
insert into folded_attempts (tenant_id, span, starts_at, campaign_id, attempts, human, machine, abandoned, inside)
select :tenant_id::uuid, 'day', day_of(slot), campaign_id, sum(attempts), sum(human), sum(machine), sum(abandoned), sum(inside)
from (select * from counted union all select * from kept) as part
group by day_of(slot), campaign_id
