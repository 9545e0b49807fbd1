-- Digests by mail: schedules, their runs, and one delivery a run and recipient. See docs/ARCHITECTURE.md for the states.

-- A schedule of reports. Deleted ones stay for their log. next_run_at counts only while it is enabled; version changes with
-- every change, so that whoever read it can tell whether it is still as it was.
create table report_schedules (
    id uuid primary key,
    tenant_id uuid not null references tenants (id),
    report text not null check (report in ('campaigns', 'agents', 'call-volume', 'compliance', 'dispositions')),
    cadence text not null check (cadence in ('weekly', 'monthly')),
    day_of_week smallint check (day_of_week between 0 and 6),
    day_of_month smallint check (day_of_month between 1 and 28),
    local_time time not null,
    timezone text not null,
    by_hour_utc boolean not null,
    enabled boolean not null,
    next_run_at timestamptz not null check (next_run_at between '1970-01-01 00:00:00+00' and '9999-01-01 00:00:00+00'),
    version bigint not null default 1,
    write_token uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    unique (tenant_id, id),
    constraint report_schedules_weekly check ((cadence = 'weekly') = (day_of_week is not null)),
    constraint report_schedules_monthly check ((cadence = 'monthly') = (day_of_month is not null)),
    constraint report_schedules_utc check (not by_hour_utc or timezone = 'UTC')
);

create index report_schedules_due on report_schedules (next_run_at, id) where enabled and deleted_at is null;

create index report_schedules_by_creation on report_schedules (tenant_id, created_at, id) where deleted_at is null;

-- Everybody who was ever listed: whoever unsubscribed stays so, also when listed again.
create table schedule_recipients (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    schedule_id uuid not null,
    address text not null,
    address_key text not null,
    position smallint not null,
    listed boolean not null default true,
    unsubscribed_at timestamptz,
    unique (schedule_id, address_key),
    foreign key (tenant_id, schedule_id) references report_schedules (tenant_id, id)
);

-- One occurrence of a schedule, or one that was asked for. What it is about is fixed when it begins; rhythm says in words why its
-- recipients get it.
-- available_at is from when on anybody may take it: at once, after a pause, or when the lease of lease_token has ended.
-- takeovers counts holders in a row who died and had sent nothing of it; owed_at_takeover is what was left at the last of them.
create table report_runs (
    id uuid primary key,
    tenant_id uuid not null,
    schedule_id uuid not null,
    kind text not null check (kind in ('regular', 'manual')),
    scheduled_for timestamptz not null,
    request_key text,
    report text not null,
    rhythm text not null,
    timezone text not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    previous_from_at timestamptz not null,
    status text not null default 'open' check (status in ('open', 'closed')),
    lease_token uuid,
    available_at timestamptz not null,
    takeovers integer not null default 0,
    owed_at_takeover integer,
    created_at timestamptz not null,
    closed_at timestamptz,
    unique (tenant_id, id),
    unique (schedule_id, kind, scheduled_for),
    unique (schedule_id, request_key),
    foreign key (tenant_id, schedule_id) references report_schedules (tenant_id, id),
    constraint report_runs_window check (previous_from_at < from_at and from_at < to_at),
    constraint report_runs_closed check ((status = 'closed') = (closed_at is not null)),
    constraint report_runs_closed_is_free check (status = 'open' or lease_token is null)
);

create index report_runs_available on report_runs (available_at, id) where status = 'open';

create index report_runs_by_lease on report_runs (lease_token) where lease_token is not null;

create index report_runs_by_creation on report_runs (schedule_id, created_at, scheduled_for) where status = 'closed';

-- One message. send_token is the attempt that hands it to SES, or that did. Without a recipient: an occurrence that was skipped.
create table report_deliveries (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    run_id uuid not null,
    schedule_id uuid not null,
    recipient_id uuid references schedule_recipients (id),
    recipient text,
    status text not null default 'pending' check (status in ('pending', 'sending', 'sent', 'failed', 'unknown', 'skipped',
        'unsubscribed', 'suppressed', 'bounced', 'complained')),
    attempts integer not null default 0,
    send_token uuid,
    retry_at timestamptz,
    message_id text,
    error text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique nulls not distinct (run_id, recipient),
    foreign key (tenant_id, run_id) references report_runs (tenant_id, id),
    foreign key (tenant_id, schedule_id) references report_schedules (tenant_id, id),
    constraint report_deliveries_recipient check ((recipient is null) = (recipient_id is null)),
    constraint report_deliveries_to_nobody check (recipient is not null or status = 'skipped'),
    constraint report_deliveries_sending check (status <> 'sending' or send_token is not null),
    constraint report_deliveries_sent check (status <> 'sent' or message_id is not null)
);

create index report_deliveries_by_creation on report_deliveries (schedule_id, created_at, id);

create index report_deliveries_by_recipient on report_deliveries (recipient_id);

-- A schedule as clients see it: who gets it, and how its latest run ended.
create view schedules_shown as
select
    schedule.id,
    schedule.tenant_id,
    schedule.report,
    schedule.cadence,
    schedule.day_of_week,
    schedule.day_of_month,
    schedule.local_time,
    schedule.timezone,
    schedule.by_hour_utc,
    schedule.enabled,
    schedule.next_run_at,
    schedule.version,
    schedule.created_at,
    schedule.updated_at,
    people.recipients,
    people.unsubscribed,
    run.last_run_at,
    run.last_status
from report_schedules as schedule
cross join lateral (
    select
        coalesce(jsonb_agg(address order by position) filter (where unsubscribed_at is null), '[]') as recipients,
        coalesce(jsonb_agg(address order by position) filter (where unsubscribed_at is not null), '[]') as unsubscribed
    from schedule_recipients
    where schedule_id = schedule.id and listed
) as people
left join lateral (
    select
        latest.created_at as last_run_at,
        (
            select case
                when count(*) filter (where status not in ('skipped', 'unsubscribed')) = 0 then 'skipped'
                when bool_and(status = 'sent') filter (where status not in ('skipped', 'unsubscribed')) then 'sent'
                when bool_or(status in ('sent', 'unknown')) then 'partial'
                else 'failed'
            end
            from report_deliveries
            where run_id = latest.id
        ) as last_status
    from report_runs as latest
    where latest.schedule_id = schedule.id and latest.status = 'closed'
    order by latest.created_at desc, latest.scheduled_for desc
    limit 1
) as run on true
where schedule.deleted_at is null;

grant select on schedules_shown to callmetry_app;

grant select, insert, update on report_schedules, schedule_recipients, report_runs, report_deliveries to callmetry_app;
