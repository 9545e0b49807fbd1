-- folds.settle_leads
-- Forgets that leads were touched before `upto`, which are folded now. Their attempts are still to be counted again.
-- Parameters: tenant_id, upto. Index: attempt_changes_by_slot.
with settled as (
    delete from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid and change.slot < instant(:upto::text) and change.leads > 0
    returning change.campaign_id, change.slot
),
again as (
    insert into attempt_changes (tenant_id, campaign_id, slot)
    select :tenant_id::uuid, campaign_id, slot
    from settled
    group by campaign_id, slot
)
update folds set leads_to = instant(:upto::text) where tenant_id = :tenant_id::uuid
