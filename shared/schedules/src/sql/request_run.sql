-- schedules.request_run
-- Makes a run of a schedule of digests that was asked for, due at once, and returns its id; that of the run before where the same key was
-- used for the schedule before. No row where the schedule is not there or has nobody left to send to.
-- Parameters: tenant_id, id, run_id, request_key, scheduled_for, rhythm, from, to, previous_from.
-- Indexes: report_schedules_pkey, report_runs_schedule_id_request_key_key.
with schedule as (
    select tenant_id, id, report, timezone
    from report_schedules
    where tenant_id = :tenant_id::uuid
        and id = :id::uuid
        and deleted_at is null
        and report_id is null
        and exists (
            select
            from schedule_recipients
            where schedule_id = :id::uuid and listed and unsubscribed_at is null
        )
),
run as (
    -- Nothing is changed: an update also returns a row that is not visible yet to a statement that began before it.
    insert into report_runs (id, tenant_id, schedule_id, kind, scheduled_for, request_key, report, rhythm, timezone,
        from_at, to_at, previous_from_at, available_at, created_at)
    select :run_id::uuid, tenant_id, id, 'manual', instant(:scheduled_for::text), :request_key::text, report, :rhythm::text, timezone,
        instant(:from::text), instant(:to::text), instant(:previous_from::text), now(), now()
    from schedule
    on conflict (schedule_id, request_key) do update set request_key = excluded.request_key
    returning id, tenant_id, schedule_id, created_at
),
deliveries as (
    insert into report_deliveries (tenant_id, run_id, schedule_id, recipient_id, recipient, created_at, updated_at)
    select run.tenant_id, run.id, run.schedule_id, person.id, person.address, run.created_at, run.created_at
    from run
    join schedule_recipients as person on person.schedule_id = run.schedule_id
    where run.id = :run_id::uuid
        and person.listed
        and person.unsubscribed_at is null
        and not exists (select from report_deliveries where run_id = :run_id::uuid)
    on conflict do nothing
)
select id
from run
