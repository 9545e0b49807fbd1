-- access.find_tenant
-- Returns the tenant if there is one of this id. Index: tenants_pkey.
select id, slug, name, created_at from tenants where id = :tenant_id::uuid
