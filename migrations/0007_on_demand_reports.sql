-- Reports that are made in the background. tenant_id is whose they are to read, subject_tenant_id whose rows they are
-- about: a platform admin's own tenant reads what was ordered about another.
-- lease_token is the attempt that works on it, or that did; a file is published only by the attempt that holds the lease.
create table on_demand_reports (
    id text primary key check (id ~ '^rpt_[0-9A-Za-z]{16}$'),
    tenant_id uuid not null references tenants (id),
    user_id text not null,
    subject_tenant_id uuid not null references tenants (id),
    type text not null check (type in ('call_summary', 'qa_performance', 'compliance_audit', 'agent_coaching',
        'campaign_performance', 'cdr_export')),
    format text not null check (format in ('json', 'csv', 'pdf')),
    from_at timestamptz not null,
    to_at timestamptz not null,
    filters jsonb not null default '{}',
    byte_order_mark boolean not null default false,
    status text not null default 'generating' check (status in ('generating', 'completed', 'failed')),
    created_at timestamptz not null default now(),
    completed_at timestamptz,
    attempts integer not null default 0,
    lease_token uuid,
    lease_until timestamptz,
    file_key text,
    file_bytes bigint,
    error text,
    constraint on_demand_reports_window check (from_at < to_at),
    constraint on_demand_reports_export_is_csv check (type <> 'cdr_export' or format = 'csv'),
    constraint on_demand_reports_completed check ((status = 'completed') = (file_key is not null)),
    constraint on_demand_reports_ended check ((status = 'generating') = (completed_at is null)),
    constraint on_demand_reports_failed check ((status = 'failed') = (error is not null))
);

-- The same key of the same user is the same request, until it expires: see sql/order_report.sql.
create table report_requests (
    tenant_id uuid not null references tenants (id),
    user_id text not null,
    request_key text not null,
    report_id text not null,
    expires_at timestamptz not null,
    primary key (tenant_id, user_id, request_key)
);

grant select, insert, update on on_demand_reports to callmetry_app;

grant select, insert, update, delete on report_requests to callmetry_app;

-- A call is read whole, through a service that carries 64 KB a row in which quotes and backslashes count up to four times, and
-- its instants are written as such. Not valid: rows that are there are not looked at, which could take longer than a call of
-- the service may.
alter table cdrs
    add constraint cdrs_answered_at_finite check (isfinite(answered_at)) not valid,
    add constraint cdrs_from_number_length check (octet_length(from_number) <= 1000) not valid,
    add constraint cdrs_to_number_length check (octet_length(to_number) <= 1000) not valid,
    add constraint cdrs_disposition_code_length check (octet_length(disposition_code) <= 2000) not valid,
    add constraint cdrs_recording_url_length check (octet_length(recording_url) <= 6000) not valid;

alter table campaigns add constraint campaigns_name_is_exportable check (octet_length(name) <= 2000) not valid;

alter table agents add constraint agents_name_is_exportable check (octet_length(name) <= 2000) not valid;

-- An export of one campaign's or one agent's calls reads those only, in its order.
create index cdrs_by_campaign on cdrs (tenant_id, campaign_id, started_at, id);

create index cdrs_by_agent on cdrs (tenant_id, agent_id, started_at, id);
