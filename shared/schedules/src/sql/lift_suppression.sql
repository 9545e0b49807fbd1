-- schedules.lift_suppression
-- Lets an address of a tenant, named by its slug or id, be mailed again, and returns it; no row where it is not suppressed.
-- Parameters: tenant, address_key. Indexes: tenants_slug_key, mail_suppressions_pkey.
delete from mail_suppressions as suppression
using tenants
where tenants.id = suppression.tenant_id
    and (tenants.slug = :tenant::text or tenants.id::text = :tenant::text)
    and suppression.address_key = :address_key::text
returning suppression.address
