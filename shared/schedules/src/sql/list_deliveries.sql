-- schedules.list_deliveries
-- Returns the delivery log of a schedule of the tenant, deleted or not, newest first. What waits to be sent is being sent.
-- Parameters: tenant_id, id; after_at, after_id (NULL: from the newest), page_size.
-- Index: report_deliveries_by_creation.
select
    delivery.id,
    delivery.run_id,
    run.scheduled_for,
    delivery.recipient,
    case delivery.status when 'pending' then 'sending' else delivery.status end as status,
    delivery.attempts,
    delivery.message_id,
    delivery.error,
    delivery.created_at,
    delivery.updated_at
from report_deliveries as delivery
join report_runs as run on run.id = delivery.run_id
where delivery.tenant_id = :tenant_id::uuid
    and delivery.schedule_id = :id::uuid
    and (:after_id::uuid is null or (delivery.created_at, delivery.id) < (instant(:after_at::text), :after_id::uuid))
order by delivery.created_at desc, delivery.id desc
limit :page_size::bigint
