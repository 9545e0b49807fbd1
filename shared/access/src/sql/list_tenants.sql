-- access.list_tenants
-- A page of tenants in the order of their slugs. Parameters: last_slug (NULL: from the first), page_size. Index: tenants_slug_key.
select id, slug, name, created_at
from tenants
where slug > coalesce(:last_slug::text, '')
order by slug
limit :page_size::bigint
