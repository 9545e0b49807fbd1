-- migrate.ask
-- Returns a row, if there is a database.
select 1 as answer
