-- schedules.begin_delivery
-- Marks a delivery as being sent under the send token, if the lease still holds, and returns its status: sending, unsubscribed,
-- suppressed or skipped. No row where it is not to be sent by this caller. Repeated with the same token it returns the same.
-- Parameters: id, lease_token, send_token; now (NULL: the database's clock).
-- Indexes: report_deliveries_pkey, report_runs_pkey, schedule_recipients_pkey, report_schedules_pkey, mail_suppressions_pkey.
with run as materialized (
    -- Locked first, as a takeover does: it comes before this or after it.
    select run.id
    from report_deliveries as delivery
    join report_runs as run on run.id = delivery.run_id
    where delivery.id = :id::uuid and run.lease_token = :lease_token::uuid
    for share of run
),
delivery as materialized (
    select delivery.id,
        case
            when person.unsubscribed_at is not null then 'unsubscribed'
            when schedule.deleted_at is not null or not person.listed then 'skipped'
            when suppression.reason is not null then 'suppressed'
            else 'sending'
        end as status,
        case
            when schedule.deleted_at is not null then 'The schedule was deleted.'
            when not person.listed then 'The recipient was taken off the schedule.'
            when suppression.reason is not null then 'An earlier message to this address has ' || suppression.reason || '.'
        end as error
    from run
    join report_deliveries as delivery on delivery.run_id = run.id
    join schedule_recipients as person on person.id = delivery.recipient_id
    join report_schedules as schedule on schedule.id = delivery.schedule_id
    left join mail_suppressions as suppression
        on suppression.tenant_id = delivery.tenant_id and suppression.address_key = person.address_key
    where delivery.id = :id::uuid
        and (delivery.status = 'pending' and delivery.send_token is distinct from :send_token::uuid
            or delivery.status = 'sending' and delivery.send_token = :send_token::uuid)
    for update of delivery
)
update report_deliveries as begun
set status = delivery.status,
    error = case when delivery.status in ('skipped', 'suppressed') then delivery.error end,
    send_token = :send_token::uuid,
    retry_at = null,
    updated_at = coalesce(instant(:now::text), now())
from delivery
where begun.id = delivery.id
returning begun.status
