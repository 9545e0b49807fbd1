-- folds.settle_cells
-- Forgets that the slots of campaigns were touched which were counted again: the earliest, so many. Those whose leads are not
-- folded stay touched. Returns how many there were.
-- Parameters: tenant_id, cells. Index: attempt_changes_by_slot.
with cell as materialized (
    select change.slot, change.campaign_id
    from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid
    group by change.slot, change.campaign_id
    order by change.slot, change.campaign_id
    limit :cells::bigint
),
done as (
    delete from attempt_changes as change
    using cell
    where change.tenant_id = :tenant_id::uuid and change.slot = cell.slot and change.campaign_id = cell.campaign_id
        and change.leads = 0
)
select count(*) as cells from cell
