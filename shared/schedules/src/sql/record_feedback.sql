-- schedules.record_feedback
-- Says in the log that a message bounced or was complained about, and suppresses its recipient's address for the tenant where it is
-- final. A complaint stays, whatever else is said later. Returns the delivery's id; no row where there is no such delivery.
-- Parameters: tenant_id, delivery_id, status, is_final, message_id, detail. Indexes: report_deliveries_pkey, schedule_recipients_pkey.
with told as materialized (
    select delivery.id, delivery.tenant_id, person.address, person.address_key
    from report_deliveries as delivery
    join schedule_recipients as person on person.id = delivery.recipient_id
    where delivery.id = :delivery_id::uuid and delivery.tenant_id = :tenant_id::uuid
),
marked as (
    -- It may come before the sender has said how sending ended, which changes nothing any more then.
    update report_deliveries as delivery
    set status = :status::text,
        attempts = greatest(delivery.attempts, 1),
        message_id = coalesce(nullif(delivery.message_id, ''), :message_id::text),
        error = :detail::text,
        updated_at = now()
    from told
    where delivery.id = told.id
        and (delivery.status in ('sending', 'unknown', 'sent')
            or delivery.status = 'bounced' and :status::text = 'complained')
),
suppressed as (
    insert into mail_suppressions (tenant_id, address_key, address, reason, detail)
    select told.tenant_id, told.address_key, told.address, :status::text, :detail::text
    from told
    where :is_final::boolean
    on conflict (tenant_id, address_key) do update
    set reason = excluded.reason, detail = excluded.detail
    where excluded.reason = 'complained'
)
select id from told
