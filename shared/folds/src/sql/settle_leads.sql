-- folds.settle_leads
-- Forgets that leads were touched before `upto`, which are folded now. Their attempts are still to be counted again.
-- Parameters: tenant_id, upto. Index: attempt_changes_by_hour.
with settled as (
    delete from attempt_changes as change
    where change.tenant_id = :tenant_id::uuid and change.hour < instant(:upto::text) and change.leads > 0
    returning change.campaign_id, change.hour
),
again as (
    insert into attempt_changes (tenant_id, campaign_id, hour)
    select :tenant_id::uuid, campaign_id, hour
    from settled
    group by campaign_id, hour
)
update folds set leads_to = instant(:upto::text) where tenant_id = :tenant_id::uuid
