-- access.create_api_key
-- Makes a key of a tenant, named by its slug or id, and returns it; no row where there is no such tenant.
-- Parameters: id, tenant, user_id, role, key_hash, expires_at (NULL: never). Indexes: tenants_slug_key, tenants_pkey.
with made as (
    insert into api_keys (id, tenant_id, user_id, role, key_hash, expires_at)
    select :id::uuid, tenants.id, :user_id::text, :role::text, :key_hash::bytea, instant(:expires_at::text)
    from tenants
    where tenants.slug = :tenant::text or tenants.id::text = :tenant::text
    on conflict (id) do nothing
    returning id, tenant_id, user_id, role, created_at, expires_at, revoked_at
)
select * from made
union all
select id, tenant_id, user_id, role, created_at, expires_at, revoked_at
from api_keys
where id = :id::uuid
limit 1
