-- folds.settle_cells
-- Forgets that the slots of campaigns were touched which were counted again: the earliest, so many. Those whose leads are not
-- folded stay touched. Returns how many there were.
-- Parameters: tenant_id, cells. Index: attempt_changes_by_slot.
with cell as materialized (
    select slot, campaign_id from oldest_cells(:tenant_id::uuid, :cells::bigint)
),
done as (
    -- They are the earliest, so they are all up to the last one.
    delete from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid and change.leads = 0
        and (change.slot, change.campaign_id) <= (
            select cell.slot, cell.campaign_id from cell order by cell.slot desc, cell.campaign_id desc limit 1
        )
)
select count(*) as cells from cell
