-- database.record_migration
-- Parameters: the file's name and the SHA-256 of its text.
insert into schema_migrations (name, checksum) values (:name::text, :checksum::text)
