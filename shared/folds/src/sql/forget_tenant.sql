-- folds.forget_tenant
-- Lets a tenant be folded from nothing. What is folded of it is no longer read, and deleted when that begins.
-- Parameters: tenant_id. Returns a row where anything was folded. Index: folds_pkey.
update folds set leads_to = null where tenant_id = :tenant_id::uuid and leads_to is not null returning tenant_id
