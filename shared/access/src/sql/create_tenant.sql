-- access.create_tenant
-- Makes a tenant, unless there is one with its slug, and returns the one that there is then.
-- Parameters: slug, name. Index: tenants_slug_key.
with made as (
    insert into tenants (slug, name)
    values (:slug::text, :name::text)
    on conflict (slug) do nothing
    returning id, slug, name, created_at
)
select id, slug, name, created_at from made
union all
select id, slug, name, created_at from tenants where slug = :slug::text
limit 1
