-- What operators and the mail service do: tenants and keys are made by a role of their own, and addresses that cannot or must not
-- be mailed any more are remembered.

-- Addresses of a tenant that bounced for good, or whose owner complained. Nothing is mailed to them until an operator lifts it.
create table mail_suppressions (
    tenant_id uuid not null references tenants (id),
    address_key text not null,
    address text not null,
    reason text not null check (reason in ('bounced', 'complained')),
    detail text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, address_key)
);

grant select, insert, update on mail_suppressions to callmetry_app;

-- What the admin function runs as. Its password is set by the migrate function, from the admin secret.
do $$
begin
    if not exists (select from pg_roles where rolname = 'callmetry_admin') then
        create role callmetry_admin nologin;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of the same cluster made it in this moment
end
$$;

grant usage on schema public to callmetry_admin;

grant select, insert on tenants, api_keys to callmetry_admin;

grant update (revoked_at) on api_keys to callmetry_admin;

grant select, delete on mail_suppressions to callmetry_admin;
