-- Scorecards are immutable by version: an evaluation keeps the version that it was scored with.
create table qa_scorecards (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    current_version integer not null default 1 check (current_version >= 1),
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id)
);

create table qa_scorecard_versions (
    tenant_id uuid not null,
    scorecard_id uuid not null,
    version integer not null check (version >= 1),
    name text not null,
    pass_score numeric(5, 2) not null check (pass_score between 0 and 100),
    questions jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, scorecard_id, version),
    foreign key (tenant_id, scorecard_id) references qa_scorecards (tenant_id, id)
);

-- One evaluation per call and evaluator. The score is null when every question was answered "na".
create table qa_evaluations (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    call_id uuid not null,
    agent_id uuid not null,
    evaluator_id text not null,
    scorecard_id uuid not null,
    scorecard_version integer not null,
    status text not null check (status in ('draft', 'submitted')),
    answers jsonb not null,
    score numeric(5, 2) check (score between 0 and 100),
    passed boolean,
    points jsonb not null,
    comment text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    submitted_at timestamptz,
    unique (tenant_id, call_id, evaluator_id),
    constraint qa_evaluations_submitted_has_time check ((status = 'submitted') = (submitted_at is not null)),
    constraint qa_evaluations_passed_with_score check ((score is null) = (passed is null)),
    foreign key (tenant_id, call_id) references cdrs (tenant_id, id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id),
    foreign key (tenant_id, scorecard_id, scorecard_version) references qa_scorecard_versions (tenant_id, scorecard_id, version)
);

create index qa_evaluations_by_submission on qa_evaluations (tenant_id, submitted_at)
    include (agent_id, score) where status = 'submitted';
