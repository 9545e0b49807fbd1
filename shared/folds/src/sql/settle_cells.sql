-- folds.settle_cells
-- Forgets that the slots of campaigns were touched which were counted again. Those whose leads are not folded stay touched. Returns
-- whether any are left.
-- Parameters: tenant_id, cells, days. Index: attempt_changes_by_slot.
with last as materialized (
    select day, campaign_id, slot
    from oldest_cells(:tenant_id::uuid, :cells::bigint, :days::bigint)
    order by day desc, campaign_id desc, slot desc
    limit 1
),
done as (
    -- They are the first of their order, so they are all up to the last one.
    delete from attempt_changes as change
    using last
    where change.tenant_id = :tenant_id::uuid and change.leads = 0
        and change.slot < last.day + interval '24 hours'
        and (day_of(change.slot), change.campaign_id, change.slot) <= (last.day, last.campaign_id, last.slot)
)
select exists (
    select
    from last
    join attempt_changes as change on change.tenant_id = :tenant_id::uuid and change.slot >= last.day
    where (day_of(change.slot), change.campaign_id, change.slot) > (last.day, last.campaign_id, last.slot)
) as is_more
