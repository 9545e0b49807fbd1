-- database.begin_snapshot
-- Every later statement of the transaction sees the same moment.
set transaction isolation level repeatable read, read only
