-- The instant in a text with an offset, such as 2026-10-01T00:00:00.000000Z.
-- A plain cast depends on the session's settings where the text has no offset, so PostgreSQL would not compute it when it
-- plans, but again for every row that is compared with it. With an offset it depends on nothing, which this function says.
create function instant(value text) returns timestamptz
    language sql immutable strict parallel safe
as $$ select value::timestamptz $$;
