-- schedules.unsubscribe_recipient
-- Takes a recipient off a schedule for good and returns the schedule's id; no row where there is no such recipient. What was not
-- sent yet is not sent. Done twice it is the same.
-- Parameters: tenant_id, recipient_id.
-- Indexes: schedule_recipients_pkey, report_deliveries_by_recipient.
with recipient as (
    update schedule_recipients
    set unsubscribed_at = coalesce(unsubscribed_at, now())
    where tenant_id = :tenant_id::uuid and id = :recipient_id::uuid
    returning id, schedule_id
),
owed as (
    update report_deliveries as delivery
    set status = 'unsubscribed', updated_at = now()
    from recipient
    where delivery.recipient_id = recipient.id and delivery.status = 'pending'
)
select schedule_id
from recipient
