-- API keys: only the SHA-256 of a key is stored; the key itself is shown once, to whom it was made for.
create table api_keys (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    user_id text not null,
    role text not null check (role in ('agent', 'supervisor', 'admin', 'platform_admin')),
    key_hash bytea not null unique check (length(key_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz check (isfinite(expires_at)),
    revoked_at timestamptz
);
