-- schedules.claim_schedules
-- Makes the runs of due schedules, moves the schedules on to their next occurrence, and returns the runs. Those of digests have
-- their deliveries and are under the lease of the token. Those of on-demand reports have a report that is to be made, and wait for it. A schedule that was changed since it was read, or that somebody else has in hand, is left out.
-- Of an occurrence that has a run already only the schedule is moved. One with nobody to send to has no run and disables the
-- schedule. Repeated with the same token it returns the same.
-- Parameters: lease_token, lease_secs; now (NULL: the database's clock); due (JSON: [{schedule_id, due_at, version, run_id,
-- child_id (the report's, of a schedule of reports), scheduled_for, rhythm, from_at, to_at, previous_from_at, next_run_at, skipped: [{scheduled_for, from_at, to_at,
-- previous_from_at}]}]).
-- Indexes: report_schedules_pkey, report_runs_schedule_id_kind_scheduled_for_key, schedule_recipients_schedule_id_address_key_key,
-- report_runs_by_lease, report_runs_pkey, on_demand_reports_pkey.
with due as materialized (
    select *
    from jsonb_to_recordset(:due::jsonb) as due (
        schedule_id uuid, due_at timestamptz, version bigint, run_id uuid, child_id text, scheduled_for timestamptz, rhythm text,
        from_at timestamptz, to_at timestamptz, previous_from_at timestamptz, next_run_at timestamptz, skipped jsonb
    )
),
clock as materialized (
    select coalesce(instant(:now::text), now()) as now
),
locked as materialized (
    select schedule.id, schedule.tenant_id, schedule.report, schedule.report_id, schedule.timezone
    from report_schedules as schedule
    join due on due.schedule_id = schedule.id
    where schedule.next_run_at = due.due_at
        and schedule.version = due.version
        and schedule.enabled
        and schedule.deleted_at is null
    order by schedule.id
    for update of schedule skip locked
),
people as materialized (
    select person.id, person.schedule_id, person.address
    from schedule_recipients as person
    join locked on locked.id = person.schedule_id
    where person.listed and person.unsubscribed_at is null
),
moved as (
    update report_schedules as schedule
    set next_run_at = due.next_run_at,
        enabled = exists (select from people where people.schedule_id = schedule.id),
        version = schedule.version + 1
    from locked
    join due on due.schedule_id = locked.id
    where schedule.id = locked.id
),
skipped as (
    insert into report_runs (id, tenant_id, schedule_id, kind, scheduled_for, report, rhythm, timezone, from_at, to_at,
        previous_from_at, status, available_at, created_at, closed_at)
    select gen_random_uuid(), locked.tenant_id, locked.id, 'regular', missed.scheduled_for, locked.report, due.rhythm,
        locked.timezone, missed.from_at, missed.to_at, missed.previous_from_at, 'closed', clock.now, clock.now, clock.now
    from locked
    join due on due.schedule_id = locked.id
    cross join clock
    cross join jsonb_to_recordset(due.skipped) as missed (
        scheduled_for timestamptz, from_at timestamptz, to_at timestamptz, previous_from_at timestamptz
    )
    on conflict (schedule_id, kind, scheduled_for) do nothing
    returning id, tenant_id, schedule_id, scheduled_for
),
not_sent as (
    -- Those of one moment are apart in the log by a microsecond each.
    insert into report_deliveries (tenant_id, run_id, schedule_id, status, error, created_at, updated_at)
    select skipped.tenant_id, skipped.id, skipped.schedule_id, 'skipped', 'A later occurrence was due as well.',
        clock.now - row_number() over (partition by skipped.schedule_id order by skipped.scheduled_for desc)
            * interval '1 microsecond',
        clock.now
    from skipped
    cross join clock
),
made as (
    insert into report_runs (id, tenant_id, schedule_id, kind, scheduled_for, report, rhythm, timezone, from_at, to_at,
        previous_from_at, report_id, status, lease_token, available_at, created_at)
    select due.run_id, locked.tenant_id, locked.id, 'regular', due.scheduled_for, locked.report, due.rhythm, locked.timezone,
        due.from_at, due.to_at, due.previous_from_at, due.child_id, case when due.child_id is null then 'open' else 'waiting' end,
        case when due.child_id is null then :lease_token::uuid end, clock.now + make_interval(secs => :lease_secs::bigint), clock.now
    from locked
    join due on due.schedule_id = locked.id
    cross join clock
    where exists (select from people where people.schedule_id = locked.id)
    on conflict (schedule_id, kind, scheduled_for) do nothing
    returning *
),
owed as (
    insert into report_deliveries (tenant_id, run_id, schedule_id, recipient_id, recipient, created_at, updated_at)
    select made.tenant_id, made.id, made.schedule_id, people.id, people.address, made.created_at, made.created_at
    from made
    join people on people.schedule_id = made.schedule_id
    where made.status = 'open'
    returning id, run_id, recipient_id, recipient
),
children as (
    insert into on_demand_reports (id, tenant_id, user_id, subject_tenant_id, type, format, section, from_at, to_at, timezone,
        previous_from_at, filters, byte_order_mark, parent_report_id, created_at, lease_until)
    select made.report_id, parent.tenant_id, parent.user_id, parent.subject_tenant_id, parent.type, parent.format, parent.section,
        made.from_at, made.to_at, made.timezone, made.previous_from_at, parent.filters, parent.byte_order_mark, parent.id,
        clock.now, clock.now + interval '1 minute'
    from made
    join locked on locked.id = made.schedule_id
    join on_demand_reports as parent on parent.id = locked.report_id
    cross join clock
    where made.status = 'waiting'
),
held as (
    select * from made
    union all
    select *
    from report_runs
    where lease_token = :lease_token::uuid
        or status = 'waiting' and id in (select run_id from due)
),
pending as (
    select id, run_id, recipient_id, recipient from owed
    union all
    select delivery.id, delivery.run_id, delivery.recipient_id, delivery.recipient
    from report_deliveries as delivery
    join report_runs as run on run.id = delivery.run_id
    where run.lease_token = :lease_token::uuid and delivery.status = 'pending'
)
select
    held.id,
    held.tenant_id,
    tenant.name as tenant,
    held.report,
    held.report_id,
    held.status = 'waiting' as is_waiting,
    held.timezone,
    held.from_at,
    held.to_at,
    held.previous_from_at,
    held.rhythm,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', pending.id, 'recipient_id', pending.recipient_id, 'recipient', pending.recipient)), '[]')
        from pending
        where pending.run_id = held.id
    ) as deliveries
from held
join tenants as tenant on tenant.id = held.tenant_id
