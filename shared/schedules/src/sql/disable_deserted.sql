-- schedules.disable_deserted
-- Disables a schedule whose recipients have all left, and returns whether that is settled: not where somebody changed the schedule in
-- this moment, who may have listed others. Done twice it is the same.
-- Parameters: tenant_id, id.
-- Indexes: report_schedules_pkey, schedule_recipients_schedule_id_address_key_key.
with seen as materialized (
    select schedule.id, schedule.version,
        not schedule.enabled or exists (
            select
            from schedule_recipients
            where schedule_id = schedule.id and listed and unsubscribed_at is null
        ) as is_settled
    from report_schedules as schedule
    where schedule.tenant_id = :tenant_id::uuid and schedule.id = :id::uuid
),
disabled as (
    update report_schedules as schedule
    set enabled = false, version = schedule.version + 1, updated_at = now()
    from seen
    where schedule.id = seen.id and schedule.version = seen.version and not seen.is_settled
    returning schedule.id
)
select seen.is_settled or exists (select from disabled) as is_settled
from seen
