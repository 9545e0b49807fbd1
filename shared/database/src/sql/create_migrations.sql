-- database.create_migrations
-- The record of what was applied. It is the only table that is not made by a migration.
create table if not exists schema_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
)
