-- The tables that the dialer writes and that the product only reads.
-- Instants are finite and texts of a report short enough for the Data API, which carries 64 KB a row: a row that no report
-- could read would break every report of its tenant.
-- Foreign keys hold within one tenant, so a row can never point at another tenant's.

create table tenants (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique,
    name text not null,
    created_at timestamptz not null default now()
);

create table agents (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null check (octet_length(name) <= 8000),
    team text,
    state text not null default 'offline' check (state in ('available', 'busy', 'wrap', 'break', 'offline')),
    state_since timestamptz not null default now() check (isfinite(state_since)),
    unique (tenant_id, id)
);

create table campaigns (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null check (octet_length(name) <= 8000),
    abandonment_cap numeric(5, 2) not null default 3.00 check (abandonment_cap >= 0 and abandonment_cap <> 'NaN'),
    calling_hours_start time,
    calling_hours_end time,
    timezone text not null default 'UTC',
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    constraint calling_hours_both_or_neither check ((calling_hours_start is null) = (calling_hours_end is null)),
    -- PostgreSQL raises an error for a zone that it does not know.
    constraint campaigns_timezone_known check ((timestamptz '2000-01-01' at time zone timezone) is not null)
);

create table leads (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    campaign_id uuid,
    phone text not null,
    timezone text,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    constraint leads_timezone_known check (timezone is null or (timestamptz '2000-01-01' at time zone timezone) is not null)
);

create table dispositions (
    tenant_id uuid not null references tenants (id),
    code text not null,
    label text not null check (octet_length(label) <= 8000),
    category text not null check (octet_length(category) <= 8000),
    is_sale boolean not null default false,
    primary key (tenant_id, code)
);

-- A code that is not in dispositions is allowed: dialers invent codes.
create table dial_attempts (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    campaign_id uuid not null,
    lead_id uuid not null,
    agent_id uuid,
    attempted_at timestamptz not null check (isfinite(attempted_at)),
    answered_by text check (answered_by in ('human', 'machine')),
    abandoned boolean not null default false,
    disposition_code text check (octet_length(disposition_code) <= 2000),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id)
);

create table cdrs (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    campaign_id uuid,
    agent_id uuid,
    lead_id uuid,
    direction text not null check (direction in ('inbound', 'outbound')),
    from_number text not null,
    to_number text not null,
    started_at timestamptz not null check (isfinite(started_at)),
    answered_at timestamptz,
    ended_at timestamptz not null check (isfinite(ended_at)),
    talk_secs integer not null default 0 check (talk_secs >= 0),
    hangup_cause text not null check (octet_length(hangup_cause) <= 2000),
    q850_cause smallint,
    disposition_code text,
    recording_url text,
    sentiment numeric(4, 3) check (sentiment between -1 and 1),
    unique (tenant_id, id),
    constraint cdrs_answered_after_start check (answered_at >= started_at),
    constraint cdrs_ended_after_start check (ended_at >= started_at),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id)
);

create table agent_state_intervals (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    agent_id uuid not null,
    state text not null check (state in ('available', 'busy', 'wrap', 'break', 'offline')),
    entered_at timestamptz not null check (isfinite(entered_at)),
    left_at timestamptz check (isfinite(left_at)),
    constraint agent_state_intervals_left_after_entered check (left_at >= entered_at),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id)
);

create table dnc_entries (
    tenant_id uuid not null references tenants (id),
    phone text not null,
    source text not null check (source in ('national', 'state', 'internal', 'litigator')),
    added_at timestamptz not null check (isfinite(added_at)),
    primary key (tenant_id, phone, source)
);

create table compliance_checks (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    call_id uuid not null,
    agent_id uuid,
    campaign_id uuid,
    rule text not null,
    severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
    passed boolean not null,
    detail text,
    checked_at timestamptz not null,
    foreign key (tenant_id, call_id) references cdrs (tenant_id, id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id)
);

-- The indexes of the reports. Those of the two big tables carry every column that a report reads,
-- so that a window is one index-only scan however wide the rows are.
create index dial_attempts_by_time on dial_attempts (tenant_id, attempted_at)
    include (campaign_id, lead_id, answered_by, abandoned, disposition_code);

create index dial_attempts_by_campaign on dial_attempts (tenant_id, campaign_id, attempted_at)
    include (lead_id, answered_by, abandoned, disposition_code);

create index cdrs_by_time on cdrs (tenant_id, started_at, id)
    include (campaign_id, agent_id, answered_at, talk_secs, hangup_cause);

create index agent_state_intervals_by_end on agent_state_intervals (tenant_id, left_at)
    include (agent_id, state, entered_at) where left_at is not null;

create index dnc_entries_by_time on dnc_entries (tenant_id, added_at) include (source);

create index compliance_checks_by_time on compliance_checks (tenant_id, checked_at);

create index campaigns_by_name on campaigns (tenant_id, name collate "C", id);

create index agents_by_name on agents (tenant_id, name collate "C", id);
