-- database.lock_migrations
-- Two migrations at once: the second waits here until the first has committed.
lock table schema_migrations in share row exclusive mode
