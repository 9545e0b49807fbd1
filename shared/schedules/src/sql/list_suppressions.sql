-- schedules.list_suppressions
-- A page of the addresses that are not mailed any more for a tenant, named by its slug or id.
-- Parameters: tenant; last_key (NULL: from the first), page_size. Indexes: tenants_slug_key, mail_suppressions_pkey.
select suppression.tenant_id, suppression.address_key, suppression.address, suppression.reason, suppression.detail,
    suppression.created_at
from mail_suppressions as suppression
join tenants on tenants.id = suppression.tenant_id
where (tenants.slug = :tenant::text or tenants.id::text = :tenant::text)
    and suppression.address_key > coalesce(:last_key::text, '')
order by suppression.address_key
limit :page_size::bigint
