-- access.list_api_keys
-- A page of the keys of a tenant, named by its slug or id, the oldest first. Of a key itself nothing is kept but its hash.
-- Parameters: tenant; last_created_at and last_id (NULL: from the first), page_size.
select keys.id, keys.tenant_id, keys.user_id, keys.role, keys.created_at, keys.expires_at, keys.revoked_at
from api_keys as keys
join tenants on tenants.id = keys.tenant_id
where (tenants.slug = :tenant::text or tenants.id::text = :tenant::text)
    and (:last_id::uuid is null or (keys.created_at, keys.id) > (instant(:last_created_at::text), :last_id::uuid))
order by keys.created_at, keys.id
limit :page_size::bigint
