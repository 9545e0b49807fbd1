-- schedules.create_schedule
-- Makes a schedule with its recipients and returns its id. Repeated with the same id it returns the same and makes nothing.
-- Parameters: tenant_id, id, report, cadence, day_of_week, day_of_month, local_time, timezone, by_hour_utc, enabled,
-- next_run_at, recipients (JSON: [{address, key}]).
with schedule as (
    -- Nothing is changed: an update also returns a row that is not visible yet to a statement that began before it.
    insert into report_schedules (tenant_id, id, report, cadence, day_of_week, day_of_month, local_time, timezone, by_hour_utc,
        enabled, next_run_at)
    values (:tenant_id::uuid, :id::uuid, :report::text, :cadence::text, :day_of_week::bigint, :day_of_month::bigint,
        :local_time::time, :timezone::text, :by_hour_utc::boolean, :enabled::boolean, instant(:next_run_at::text))
    on conflict (id) do update set version = report_schedules.version
    returning tenant_id, id
),
people as (
    insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
    select schedule.tenant_id, schedule.id, person.value ->> 'address', person.value ->> 'key', person.ordinality
    from schedule
    cross join jsonb_array_elements(:recipients::jsonb) with ordinality as person
    on conflict do nothing
)
select id
from schedule
