-- ondemand.publish_report
-- The attempt's file becomes the report's, if the attempt still holds the lease, and where the report was made on a schedule its run
-- is open to be sent, to whoever is on the list by now. The second time it says the same.
-- Parameters: report_id, token, file_key, file_bytes, page_count, summary (JSON: headlines in words; NULL: none).
-- Indexes: on_demand_reports_pkey, report_runs_waiting, schedule_recipients_schedule_id_address_key_key.
with published as (
    update on_demand_reports
    set status = 'completed',
        completed_at = coalesce(completed_at, now()),
        file_key = :file_key::text,
        file_bytes = :file_bytes::bigint,
        page_count = :page_count::bigint,
        summary = :summary::jsonb,
        lease_until = null,
        upload_id = null
    where id = :report_id::text
        and lease_token = :token::uuid
        and started_by is null
        and (status = 'generating' or file_key = :file_key::text)
    returning id
),
run as (
    update report_runs as run
    set status = 'open', available_at = now()
    from published
    where run.report_id = published.id and run.status = 'waiting'
    returning run.tenant_id, run.id, run.schedule_id
),
owed as (
    insert into report_deliveries (tenant_id, run_id, schedule_id, recipient_id, recipient, created_at, updated_at)
    select run.tenant_id, run.id, run.schedule_id, person.id, person.address, now(), now()
    from run
    join schedule_recipients as person on person.schedule_id = run.schedule_id
    where person.listed and person.unsubscribed_at is null
    on conflict do nothing
)
select id
from published
