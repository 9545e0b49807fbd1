-- folds.spread_zones
-- Leads and campaigns whose zone or hours changed, so many at most: the slots in which they have attempts are touched instead.
-- Parameters: tenant_id, zones. Returns how many there were.
-- Indexes: changed_zones_by_tenant, dial_attempts_by_lead (index-only), folded_attempts_by_day.
with taken as materialized (
    select id, campaign_id, lead_id from changed_zones where tenant_id = :tenant_id::uuid order by id limit :zones::bigint
),
touched as (
    select attempt.campaign_id, slot_of(attempt.attempted_at) as slot
    from taken
    join dial_attempts as attempt on attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = taken.lead_id
    union
    select taken.campaign_id, folded.day + place * slot_length()
    from (select distinct campaign_id from taken where campaign_id is not null) as taken
    join folded_attempts as folded on folded.tenant_id = :tenant_id::uuid and folded.campaign_id = taken.campaign_id
    cross join generate_series(0, slots_of_day() - 1) as place
    where sum_of(folded.attempts, place, place + 1) > 0
),
marked as (
    insert into attempt_changes (tenant_id, campaign_id, slot)
    select :tenant_id::uuid, campaign_id, slot from touched
),
done as (
    delete from changed_zones as changed using taken where changed.id = taken.id
)
select count(*) as zones from taken
