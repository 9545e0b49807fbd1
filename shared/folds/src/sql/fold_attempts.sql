-- folds.fold_attempts
-- Counts again the attempts of touched hours of campaigns, the earliest first and so many at most, and of their days.
-- Parameters: tenant_id, cells.
-- Indexes: attempt_changes_by_hour, dial_attempts_by_campaign (index-only), leads_tenant_id_id_key, folded_attempts_by_time.
with cell as materialized (
    select change.hour, change.campaign_id
    from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid
    group by change.hour, change.campaign_id
    order by change.hour, change.campaign_id
    limit :cells::bigint
),
counted as materialized (
    select
        cell.hour,
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
    join dial_attempts as attempt
        on attempt.tenant_id = :tenant_id::uuid and attempt.campaign_id = cell.campaign_id
            and attempt.attempted_at >= cell.hour and attempt.attempted_at < cell.hour + interval '1 hour'
    join campaigns as campaign on campaign.tenant_id = attempt.tenant_id and campaign.id = attempt.campaign_id
    join leads as lead on lead.tenant_id = attempt.tenant_id and lead.id = attempt.lead_id
    group by cell.hour, cell.campaign_id
),
day as materialized (
    select distinct day_of(hour) as day, campaign_id from cell
),
kept as (
    -- The other hours of these days.
    select folded.starts_at as hour, folded.campaign_id, folded.attempts, folded.human, folded.machine,
        folded.abandoned, folded.inside
    from day
    join folded_attempts as folded
        on folded.tenant_id = :tenant_id::uuid and folded.span = 'hour' and folded.campaign_id = day.campaign_id
            and folded.starts_at >= day.day and folded.starts_at < day.day + interval '24 hours'
    where not exists (select from cell where cell.hour = folded.starts_at and cell.campaign_id = folded.campaign_id)
),
old_hours as (
    delete from folded_attempts as folded
    using cell
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'hour' and folded.starts_at = cell.hour
        and folded.campaign_id = cell.campaign_id
),
old_days as (
    delete from folded_attempts as folded
    using day
    where folded.tenant_id = :tenant_id::uuid and folded.span = 'day' and folded.starts_at = day.day
        and folded.campaign_id = day.campaign_id
),
new_hours as (
    insert into folded_attempts (tenant_id, span, starts_at, campaign_id, attempts, human, machine, abandoned, inside)
    select :tenant_id::uuid, 'hour', hour, campaign_id, attempts, human, machine, abandoned, inside
    from counted
)
insert into folded_attempts (tenant_id, span, starts_at, campaign_id, attempts, human, machine, abandoned, inside)
select :tenant_id::uuid, 'day', day_of(hour), campaign_id, sum(attempts), sum(human), sum(machine), sum(abandoned), sum(inside)
from (select * from counted union all select * from kept) as part
group by day_of(hour), campaign_id
