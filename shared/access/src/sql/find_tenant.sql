-- access.find_tenant
-- Returns the tenant's id if there is such a tenant. Index: tenants_pkey.
select id from tenants where id = :tenant_id::uuid
