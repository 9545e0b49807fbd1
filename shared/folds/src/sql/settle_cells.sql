-- folds.settle_cells
-- Forgets that the hours of campaigns were touched which were counted again: the earliest, so many. Hours whose leads are not folded stay
-- touched. Returns how many there were.
-- Parameters: tenant_id, cells. Index: attempt_changes_by_hour.
with cell as materialized (
    select change.hour, change.campaign_id
    from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid
    group by change.hour, change.campaign_id
    order by change.hour, change.campaign_id
    limit :cells::bigint
),
done as (
    delete from attempt_changes as change
    using cell
    where change.tenant_id = :tenant_id::uuid and change.hour = cell.hour and change.campaign_id = cell.campaign_id
        and change.leads = 0
)
select count(*) as cells from cell
