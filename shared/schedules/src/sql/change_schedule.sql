-- schedules.change_schedule
-- Makes a schedule what it is to be, if it is still as it was read, and returns its id; no row else. A list on
-- which everybody has unsubscribed disables it. Repeated with the same token it returns the same and changes nothing.
-- Parameters: tenant_id, id, version, was_due_at, write_token, report, cadence, day_of_week, day_of_month, local_time, timezone,
-- by_hour_utc, enabled, next_run_at, recipients (JSON: [{address, key}]), dropped (JSON: occurrences that were due and are not of
-- the schedule any more, [{report, rhythm, timezone, scheduled_for, from_at, to_at, previous_from_at}]).
-- Indexes: report_schedules_pkey, schedule_recipients_schedule_id_address_key_key.
with wanted as materialized (
    select value ->> 'address' as address, value ->> 'key' as address_key, ordinality as position
    from jsonb_array_elements(:recipients::jsonb) with ordinality
),
schedule as (
    update report_schedules
    set report = :report::text,
        cadence = :cadence::text,
        day_of_week = :day_of_week::bigint,
        day_of_month = :day_of_month::bigint,
        local_time = :local_time::time,
        timezone = :timezone::text,
        by_hour_utc = :by_hour_utc::boolean,
        enabled = :enabled::boolean and exists (
            select
            from wanted
            left join schedule_recipients as known
                on known.schedule_id = :id::uuid and known.address_key = wanted.address_key
            where known.unsubscribed_at is null
        ),
        next_run_at = instant(:next_run_at::text),
        version = version + 1,
        write_token = :write_token::uuid,
        updated_at = now()
    where tenant_id = :tenant_id::uuid
        and id = :id::uuid
        and version = :version::bigint
        and next_run_at = instant(:was_due_at::text)
        and deleted_at is null
    returning tenant_id, id
),
listed as (
    insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
    select schedule.tenant_id, schedule.id, wanted.address, wanted.address_key, wanted.position
    from schedule
    cross join wanted
    on conflict (schedule_id, address_key) do update
    set address = excluded.address, position = excluded.position, listed = true
),
left_out as (
    update schedule_recipients as known
    set listed = false
    from schedule
    where known.schedule_id = schedule.id
        and known.listed
        and not exists (select from wanted where wanted.address_key = known.address_key)
),
dropped as (
    insert into report_runs (id, tenant_id, schedule_id, kind, scheduled_for, report, rhythm, timezone, from_at, to_at,
        previous_from_at, status, available_at, created_at, closed_at)
    select gen_random_uuid(), schedule.tenant_id, schedule.id, 'regular', missed.scheduled_for, missed.report, missed.rhythm,
        missed.timezone, missed.from_at, missed.to_at, missed.previous_from_at, 'closed', now(), now(), now()
    from schedule
    cross join jsonb_to_recordset(:dropped::jsonb) as missed (
        report text, rhythm text, timezone text, scheduled_for timestamptz, from_at timestamptz, to_at timestamptz,
        previous_from_at timestamptz
    )
    on conflict (schedule_id, kind, scheduled_for) do nothing
    returning id, tenant_id, schedule_id, scheduled_for
),
not_sent as (
    -- Those of one moment are apart in the log by a microsecond each.
    insert into report_deliveries (tenant_id, run_id, schedule_id, status, error, created_at, updated_at)
    select tenant_id, id, schedule_id, 'skipped', 'The schedule was changed before it was sent.',
        now() - row_number() over (order by scheduled_for desc) * interval '1 microsecond', now()
    from dropped
)
select id
from schedule
union all
select id
from report_schedules
where tenant_id = :tenant_id::uuid and id = :id::uuid and write_token = :write_token::uuid
