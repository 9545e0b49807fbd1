-- On-demand reports of every type, ordered by clients, made again on a schedule, and taken over where nobody works on one.

-- What a report is about. timezone: its window is whole days of this zone; NULL: any two instants. section: which table of it a CSV
-- has. parent_report_id: the report whose schedule it was made for. summary: its headlines in words, for the mail.
-- lease_until is until when nobody else begins with it: an invocation that was just asked for has a minute to. attempts counts those
-- that began, and those that never did. started_by is there between the claim's asking for another one and its beginning. upload_id is
-- the multipart upload of whoever has, or had, the lease; leftovers names the tokens and uploads of those before.
alter table on_demand_reports
    add column section text,
    add column timezone text,
    add column previous_from_at timestamptz,
    add column page_count integer,
    add column summary jsonb,
    add column parent_report_id text,
    add column started_by uuid,
    add column upload_id text,
    add column leftovers jsonb not null default '[]',
    add constraint on_demand_reports_of_tenant unique (tenant_id, id),
    add constraint on_demand_reports_parent_fkey foreign key (tenant_id, parent_report_id) references on_demand_reports (tenant_id, id),
    add constraint on_demand_reports_section_of_csv check (section is null or format = 'csv'),
    add constraint on_demand_reports_previous_window check (previous_from_at < from_at),
    alter column lease_until set default now() + interval '1 minute';

update on_demand_reports set lease_until = created_at + interval '1 minute' where status = 'generating' and lease_until is null;

alter table on_demand_reports
    add constraint on_demand_reports_generating_is_watched check (status <> 'generating' or lease_until is not null);

create index on_demand_reports_generating on on_demand_reports (lease_until, id) where status = 'generating';

create index on_demand_reports_by_creation on on_demand_reports (tenant_id, created_at, id);

-- What was asked for with a key of the client's: with the same key nothing else can be.
alter table report_requests add column content_hash text;

-- A schedule is one of digests, or of the on-demand report that carries it; then `report` is the report's type.
-- recipients_as_list: whether they were given as a list, and not as one address.
alter table report_schedules
    add column report_id text,
    add constraint report_schedules_report_fkey foreign key (tenant_id, report_id) references on_demand_reports (tenant_id, id),
    add column recipients_as_list boolean not null default true,
    drop constraint report_schedules_report_check,
    add constraint report_schedules_report_check check (case when report_id is null
        then report in ('campaigns', 'agents', 'call-volume', 'compliance', 'dispositions')
        else report in ('call_summary', 'qa_performance', 'compliance_audit', 'agent_coaching', 'campaign_performance', 'cdr_export')
    end),
    drop constraint report_schedules_cadence_check,
    add constraint report_schedules_cadence_check check (cadence in ('daily', 'weekly', 'monthly')),
    add constraint report_schedules_digests_are_not_daily check (cadence <> 'daily' or report_id is not null);

create unique index report_schedules_by_report on report_schedules (report_id) where report_id is not null;

-- A run of such a schedule waits for its report, and is open to be sent as soon as that is completed.
alter table report_runs
    add column report_id text,
    add constraint report_runs_report_fkey foreign key (tenant_id, report_id) references on_demand_reports (tenant_id, id),
    drop constraint report_runs_status_check,
    add constraint report_runs_status_check check (status in ('waiting', 'open', 'closed')),
    add constraint report_runs_waiting check (status <> 'waiting' or report_id is not null);

create unique index report_runs_by_report on report_runs (report_id) where report_id is not null;

create index report_runs_waiting on report_runs (report_id) where status = 'waiting';

-- As in 0008, without the schedules of on-demand reports, which are shown with these.
create or replace view schedules_shown as
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
where schedule.deleted_at is null and schedule.report_id is null;

-- An on-demand report as clients see it, with the schedule that it carries: NULL where it never had one, or where that was cancelled.
create view on_demand_reports_shown as
select
    report.id,
    report.tenant_id,
    report.type,
    report.format,
    report.section,
    report.from_at,
    report.to_at,
    report.timezone,
    report.filters,
    report.status,
    report.created_at,
    report.completed_at,
    report.file_key,
    report.file_bytes,
    report.page_count,
    report.error,
    report.parent_report_id,
    case when schedule.id is not null then jsonb_build_object(
        'cadence', schedule.cadence,
        'day_of_week', schedule.day_of_week,
        'day_of_month', schedule.day_of_month,
        'local_time', schedule.local_time,
        'timezone', schedule.timezone,
        'enabled', schedule.enabled,
        'next_run_at', to_char(schedule.next_run_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
        'recipients_as_list', schedule.recipients_as_list,
        'recipients', (
            select coalesce(jsonb_agg(address order by position), '[]')
            from schedule_recipients
            where schedule_id = schedule.id and listed
        )
    ) end as schedule
from on_demand_reports as report
left join report_schedules as schedule on schedule.report_id = report.id and schedule.deleted_at is null;

grant select on on_demand_reports_shown to callmetry_app;
