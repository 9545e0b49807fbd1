-- schedules.unsubscribe_recipient
-- Takes a recipient off a schedule for good and returns the schedule's id; no row where there is no such recipient. What was not
-- sent yet is not sent. When nobody is left the schedule is disabled; two at once may miss each other, and the claim, which
-- finds nobody to send to, disables it then. Done twice it is the same.
-- Parameters: tenant_id, recipient_id.
-- Indexes: schedule_recipients_pkey, schedule_recipients_schedule_id_address_key_key, report_deliveries_by_recipient.
with locked as materialized (
    -- First, as a change of the schedule does: it comes before this or after it.
    select schedule.id
    from schedule_recipients as person
    join report_schedules as schedule on schedule.id = person.schedule_id
    where person.tenant_id = :tenant_id::uuid and person.id = :recipient_id::uuid
    for update of schedule
),
recipient as (
    update schedule_recipients as person
    set unsubscribed_at = coalesce(person.unsubscribed_at, now())
    from locked
    where person.schedule_id = locked.id and person.id = :recipient_id::uuid
    returning person.id, person.schedule_id
),
owed as (
    update report_deliveries as delivery
    set status = 'unsubscribed', updated_at = now()
    from recipient
    where delivery.recipient_id = recipient.id and delivery.status = 'pending'
),
disabled as (
    update report_schedules as schedule
    set enabled = false, version = version + 1, updated_at = now()
    from recipient
    where schedule.id = recipient.schedule_id
        and schedule.enabled
        and not exists (
            select
            from schedule_recipients as other
            where other.schedule_id = recipient.schedule_id
                and other.id <> recipient.id
                and other.listed
                and other.unsubscribed_at is null
        )
)
select schedule_id
from recipient
