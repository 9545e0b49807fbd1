-- database.list_migrations
-- What was applied, in order.
select name, checksum from schema_migrations order by name collate "C"
