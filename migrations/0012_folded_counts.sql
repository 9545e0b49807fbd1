-- Counts of days by their slots, so that a report over a month reads some thousand rows however many there were.
-- docs/FOLDING.md says how, and why the answers are exact at every moment.
--
-- Triggers write down what the dialer touched: in which slots, and which leads. `folded_*` is what was counted when it was
-- counted last; what was touched since is written down beside it, so that the two together always are the dialer's tables
-- of this moment. Nothing of this refers to the dialer's rows by a foreign key: they can be deleted as before.

-- What is folded of a tenant: attempts and their leads of the slots before `leads_to`, `infinity` for all; of all else, the
-- hours that are not touched. Where `leads_to` is null, and of a tenant without a row, nothing is, and plain SQL reads its
-- reports. A row is never deleted while there is the tenant: whoever saw an older one fails on it.
create table folds (
    tenant_id uuid primary key,
    leads_to timestamptz,
    folded_at timestamptz not null default now()
);

-- What happened to attempts of a campaign in a slot, one row for each statement: leads that gained or lost an
-- attempt, as often as they did. Without any the attempts themselves changed, such as their disposition.
create table attempt_changes (
    id bigint generated always as identity primary key,
    tenant_id uuid not null,
    campaign_id uuid not null,
    slot timestamptz not null,
    added uuid[] not null default '{}',
    removed uuid[] not null default '{}',
    leads integer not null generated always as (cardinality(added) + cardinality(removed)) stored
);

-- By campaign too, so that touched slots are counted in the order of the index.
create index attempt_changes_by_slot on attempt_changes (tenant_id, slot, campaign_id) include (leads);

-- Hours in which calls, agents' states or do-not-call entries changed.
create table changed_hours (
    id bigint generated always as identity primary key,
    tenant_id uuid not null,
    source text not null check (source in ('calls', 'states', 'dnc')),
    hour timestamptz not null
);

create index changed_hours_by_hour on changed_hours (tenant_id, source, hour);

-- Leads whose zone, and campaigns whose zone or calling hours, changed: all of their attempts may be inside or outside
-- now.
create table changed_zones (
    id bigint generated always as identity primary key,
    tenant_id uuid not null,
    campaign_id uuid,
    lead_id uuid,
    check ((campaign_id is null) <> (lead_id is null))
);

create index changed_zones_by_tenant on changed_zones (tenant_id);

-- A slot is three minutes of attempts, and an hour of all else. A row is a day in UTC of whatever is counted by, and each array
-- has running sums over the slots of the day: what the third and the fourth have is x[4] - x[2].

create table folded_attempts (
    tenant_id uuid not null,
    day timestamptz not null,
    campaign_id uuid not null,
    attempts integer[] not null,
    human integer[] not null,
    machine integer[] not null,
    abandoned integer[] not null,
    -- Of the campaign's calling hours.
    inside integer[] not null
);

create table folded_attempt_codes (
    tenant_id uuid not null,
    day timestamptz not null,
    campaign_id uuid not null,
    code text not null,
    attempts integer[] not null
);

-- Distinct leads of each slot, of a campaign, and of the tenant where campaign_id is null. From each slot in which a lead was
-- dialed there is a link to the next one.
create table folded_leads (
    tenant_id uuid not null,
    day timestamptz not null,
    campaign_id uuid,
    leads integer[] not null,
    -- Links to slots of the day: how many days they go back, ascending, and how many go back as far or less. With 3 links from
    -- the same day, 2 from the day before and 1 from a week before: {0, 1, 7} and {3, 5, 6}.
    link_ages integer[] not null,
    links_since integer[] not null
);

-- Links from the slots of one day to those of the same or a later one. They are in the order of the slots that they lead to, then
-- of those that they come from, and of each there is the place of the latter.
create table folded_links (
    tenant_id uuid not null,
    from_day timestamptz not null,
    day timestamptz not null,
    campaign_id uuid,
    from_places smallint[] not null,
    -- By the slots that they come from, and by those that they lead to.
    from_links integer[] not null,
    links integer[] not null
);

create table folded_calls (
    tenant_id uuid not null,
    day timestamptz not null,
    campaign_id uuid,
    calls integer[] not null,
    answered integer[] not null,
    talk_secs bigint[] not null,
    answered_talk_secs bigint[] not null,
    -- With a sentiment; the sum of it in thousandths.
    rated integer[] not null,
    positive integer[] not null,
    negative integer[] not null,
    thousandths bigint[] not null
);

-- Microseconds of agents by state, at the hour in which they ended; null where an agent was not in one.
create table folded_states (
    tenant_id uuid not null,
    day timestamptz not null,
    agent_id uuid not null,
    available_micros bigint[],
    busy_micros bigint[],
    wrap_micros bigint[],
    break_micros bigint[],
    offline_micros bigint[]
);

-- Whatever is a count by something of an hour, of one kind each: calls by cause, code or agent, do-not-call entries by source.
-- A kind leaves empty what it does not go by: most who ask for causes ask for those of all campaigns.
create table folded_entries (
    tenant_id uuid not null,
    kind text not null check (kind in ('causes', 'campaign_causes', 'codes', 'campaign_codes', 'agents', 'dnc')),
    day timestamptz not null,
    campaign_id uuid,
    agent_id uuid,
    name text,
    entries integer[] not null,
    -- Of agents; null of other kinds.
    talk_secs bigint[]
);

-- Not packed: to unpack the arrays of thousands of rows would take longer than to read them. Those of calling hours, which are
-- read by one report alone, have no room in the page of the others.
alter table folded_attempts
    alter column attempts set storage plain,
    alter column human set storage plain,
    alter column machine set storage plain,
    alter column abandoned set storage plain,
    alter column inside set storage external;

alter table folded_leads
    alter column leads set storage plain,
    alter column link_ages set storage main,
    alter column links_since set storage main;

alter table folded_attempt_codes
    alter column code set storage main,
    alter column attempts set storage plain;

-- Places are many and seldom read, all else is small and read often.
alter table folded_links
    alter column from_links set storage main,
    alter column links set storage main;

-- Not unique: a step deletes and inserts the same keys in one statement.
create index folded_attempts_by_day on folded_attempts (tenant_id, day, campaign_id);

create index folded_attempt_codes_by_day on folded_attempt_codes (tenant_id, day, campaign_id);

-- For the few codes that are sales.
create index folded_attempt_codes_by_code on folded_attempt_codes (tenant_id, code, day);

create index folded_leads_by_day on folded_leads (tenant_id, day);

create index folded_links_by_day on folded_links (tenant_id, day, from_day);

create index folded_links_by_origin on folded_links (tenant_id, from_day, day);

create index folded_calls_by_day on folded_calls (tenant_id, day);

create index folded_states_by_day on folded_states (tenant_id, day);

create index folded_entries_by_day on folded_entries (tenant_id, kind, day);

-- Finds a lead's other attempts: by the lead first, since all that is compared of most entries is the first column. Where a table
-- is so large that the index takes longer than a statement may, make it beforehand.
create index if not exists dial_attempts_by_lead on dial_attempts (lead_id, tenant_id, attempted_at) include (campaign_id);

-- A lead's zone without the row.
create index if not exists leads_zones on leads (id, tenant_id) include (timezone);

-- How long a slot of attempts is, and how many a day has: four arrays of them must fit a page. Strict, since a strict function that
-- calls one which is not is never made a part of the statement, and takes ten times as long.
create function slot_length() returns interval
    language sql immutable strict parallel safe
as $$ select interval '3 minutes' $$;

create function slots_of_day() returns integer
    language sql immutable strict parallel safe
as $$ select 480 $$;

-- The hour, the slot and the day of an instant, in UTC, and how many days are from one to the other. `date_bin` takes a
-- twentieth of the time of `date_trunc` with a zone.
create function hour_of(at timestamptz) returns timestamptz
    language sql immutable strict parallel safe
as $$ select date_bin('1 hour', at, '0001-01-01 00:00+00') $$;

create function slot_of(at timestamptz) returns timestamptz
    language sql immutable strict parallel safe
as $$ select date_bin(slot_length(), at, '0001-01-01 00:00+00') $$;

create function day_of(at timestamptz) returns timestamptz
    language sql immutable strict parallel safe
as $$ select date_bin('24 hours', at, '0001-01-01 00:00+00') $$;

create function days_from(earlier timestamptz, later timestamptz) returns integer
    language sql immutable strict parallel safe
as $$ select (date_part('epoch', later - earlier) / 86400)::integer $$;

-- Which of so many slots of its day one is that begins at an instant, from 0.
create function place_of(at timestamptz, places integer) returns integer
    language sql immutable strict parallel safe
as $$ select (date_part('epoch', at - day_of(at)) * places / 86400)::integer $$;

-- The sum of the slots from `lo` up to `hi`, of running sums.
create function sum_of(running integer[], lo integer, hi integer) returns integer
    language sql immutable parallel safe
as $$ select running[hi] - coalesce(running[lo], 0) $$;

create function sum_of(running bigint[], lo integer, hi integer) returns bigint
    language sql immutable parallel safe
as $$ select running[hi] - coalesce(running[lo], 0) $$;

-- How many links there are before those between two slots, in the order of `from_places`.
create function links_before(from_places smallint[], links integer[], place integer, from_place integer) returns integer
    language sql immutable parallel safe
as $$
    select coalesce(links[place], 0)
        + width_bucket((from_place - 1)::smallint, from_places[coalesce(links[place], 0) + 1:links[place + 1]])
$$;

-- Running sums over so many places, with what is added at some of them, which may be at the same; null: nothing. It takes all of
-- them at once: an aggregate of its own would copy the array with each.
create function running_sums(before bigint[], count integer, places integer[], added bigint[]) returns bigint[]
    language plpgsql immutable parallel safe
as $$
declare
    sums bigint[] := array_fill(0::bigint, array[count]);
    more bigint := 0;
begin
    for at in 1..coalesce(cardinality(places), 0) loop
        sums[places[at] + 1] := sums[places[at] + 1] + coalesce(added[at], 0);
    end loop;
    for place in 1..count loop
        more := more + sums[place];
        sums[place] := coalesce(before[place], 0) + more;
    end loop;
    return sums;
end
$$;

-- For each slot of a day, how many of these slots, which are ascending, are that one or an earlier one.
create function running_counts(places smallint[]) returns integer[]
    language sql immutable parallel safe
as $$
    select array_agg(width_bucket(place::smallint, places) order by place) from generate_series(0, slots_of_day() - 1) as place
$$;

-- A row of `folded_links` with what came and went: pairs of the slot that a link leads to and that which it comes from, as one number,
-- which has the order of `from_places`. A row has thousands of links: where few changed, the rest is copied in pieces, each time as a
-- whole, so that many would take longer than to sort them.
create function changed_links(
    inout from_places smallint[],
    inout from_links integer[],
    inout links integer[],
    gained integer[],
    lost integer[]
)
    language plpgsql immutable parallel safe
as $$
declare
    pairs integer[];
    signs bigint[];
    pieces smallint[] := '{}';
    upto integer;
    copied integer := 0;
begin
    if coalesce(cardinality(gained), 0) + coalesce(cardinality(lost), 0)
        > least(coalesce(cardinality(from_places), 0) / 4, 500)
    then
        select array_agg(pair order by pair) into pairs
        from (
            -- The slot that the nth link leads to is the first with n or more up to it.
            select width_bucket((nth - 1)::integer, links) * slots_of_day() + place as pair
            from unnest(from_places) with ordinality as link (place, nth)
            union all
            select unnest(gained)
            except all
            select unnest(lost)
        ) as link;
        from_places := array(select (pair % slots_of_day())::smallint from unnest(pairs) as pair);
        from_links := running_counts(array(select place from unnest(from_places) as place order by place));
        links := running_counts(array(select (pair / slots_of_day())::smallint from unnest(pairs) as pair));
        return;
    end if;
    select array_agg(pair order by pair), array_agg(sign order by pair) into pairs, signs
    from (
        select pair, sum(sign)::bigint as sign
        from (
            select unnest(gained) as pair, 1 as sign
            union all
            select unnest(lost), -1
        ) as change
        group by pair
    ) as change;
    for at in 1..coalesce(cardinality(pairs), 0) loop
        upto := links_before(from_places, links, pairs[at] / slots_of_day(), pairs[at] % slots_of_day());
        pieces := pieces || from_places[copied + 1:upto]
            || array_fill((pairs[at] % slots_of_day())::smallint, array[greatest(signs[at], 0)::integer]);
        copied := upto + greatest(-signs[at], 0);
    end loop;
    from_places := pieces || from_places[copied + 1:];
    from_links := running_sums(from_links, slots_of_day(), array(select pair % slots_of_day() from unnest(pairs) as pair), signs);
    links := running_sums(links, slots_of_day(), array(select pair / slots_of_day() from unnest(pairs) as pair), signs);
end
$$;

-- The triggers are the statement's, not the row's, and run as the owner of the tables: the dialer needs no right to what
-- they write.

create function note_attempts() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        insert into attempt_changes (tenant_id, campaign_id, slot, added)
        select tenant_id, campaign_id, slot_of(attempted_at), array_agg(lead_id)
        from new_rows
        group by 1, 2, 3;
    elsif tg_op = 'DELETE' then
        insert into attempt_changes (tenant_id, campaign_id, slot, removed)
        select tenant_id, campaign_id, slot_of(attempted_at), array_agg(lead_id)
        from old_rows
        group by 1, 2, 3;
    else
        -- Mostly a disposition that came after the attempt: then no lead has more or fewer.
        insert into attempt_changes (tenant_id, campaign_id, slot, added, removed)
        with before as (
            select tenant_id, campaign_id, slot_of(attempted_at) as slot, attempted_at, lead_id, answered_by, abandoned,
                disposition_code
            from old_rows
        ),
        after as (
            select tenant_id, campaign_id, slot_of(attempted_at) as slot, attempted_at, lead_id, answered_by, abandoned,
                disposition_code
            from new_rows
        ),
        touched as (
            select tenant_id, campaign_id, slot, null::uuid as added, null::uuid as removed
            from (
                (select * from before except all select * from after)
                union all
                (select * from after except all select * from before)
            ) as changed
            union all
            select tenant_id, campaign_id, slot, lead_id, null
            from (
                select tenant_id, campaign_id, slot, lead_id from after
                except all
                select tenant_id, campaign_id, slot, lead_id from before
            ) as gained
            union all
            select tenant_id, campaign_id, slot, null, lead_id
            from (
                select tenant_id, campaign_id, slot, lead_id from before
                except all
                select tenant_id, campaign_id, slot, lead_id from after
            ) as lost
        )
        select
            tenant_id,
            campaign_id,
            slot,
            coalesce(array_agg(added) filter (where added is not null), '{}'),
            coalesce(array_agg(removed) filter (where removed is not null), '{}')
        from touched
        group by tenant_id, campaign_id, slot;
    end if;
    return null;
end
$$;

-- Of calls, states and entries it is enough to know the hour.
create function note_hours() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    source constant text := tg_argv[0];
    instant_column constant text := tg_argv[1];
    sides text[] := '{}';
begin
    if tg_op in ('INSERT', 'UPDATE') then
        sides := sides || format('select tenant_id, %I as at from new_rows', instant_column);
    end if;
    if tg_op in ('DELETE', 'UPDATE') then
        sides := sides || format('select tenant_id, %I as at from old_rows', instant_column);
    end if;
    execute format(
        'insert into changed_hours (tenant_id, source, hour)
         select tenant_id, %L, hour_of(at) from (%s) as touched where at is not null group by tenant_id, hour_of(at)',
        source, array_to_string(sides, ' union all ')
    );
    return null;
end
$$;

-- A session that replicates has no foreign keys: there a lead or a campaign can come after its attempts, and go before them. In
-- others one with attempts can go only if the same statement brings it back.
create function is_replicating() returns boolean
    language sql stable
as $$ select current_setting('session_replication_role') = 'replica' $$;

create function note_lead_zones() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        insert into changed_zones (tenant_id, lead_id)
        select tenant_id, id
        from new_rows as after
        full join old_rows as before using (tenant_id, id)
        where after.timezone is distinct from before.timezone;
    elsif tg_op = 'INSERT' and is_replicating() then
        insert into changed_zones (tenant_id, lead_id) select tenant_id, id from new_rows where timezone is not null;
    elsif tg_op = 'DELETE' then
        insert into changed_zones (tenant_id, lead_id)
        select tenant_id, id
        from old_rows as gone
        where is_replicating() or exists (select from leads as lead where lead.tenant_id = gone.tenant_id and lead.id = gone.id);
    end if;
    return null;
end
$$;

create function note_campaign_zones() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        insert into changed_zones (tenant_id, campaign_id)
        select tenant_id, id
        from new_rows as after
        full join old_rows as before using (tenant_id, id)
        where (after.timezone, after.calling_hours_start, after.calling_hours_end)
            is distinct from (before.timezone, before.calling_hours_start, before.calling_hours_end);
    elsif tg_op = 'INSERT' and is_replicating() then
        insert into changed_zones (tenant_id, campaign_id) select tenant_id, id from new_rows;
    elsif tg_op = 'DELETE' then
        insert into changed_zones (tenant_id, campaign_id)
        select tenant_id, id
        from old_rows as gone
        where is_replicating()
            or exists (select from campaigns as campaign where campaign.tenant_id = gone.tenant_id and campaign.id = gone.id);
    end if;
    return null;
end
$$;

-- A table that was emptied at once has no rows that a trigger could see: everything is folded from nothing.
create function forget_folds() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    -- Also of tenants without a row: if somebody has added it since this transaction began to look, this fails.
    insert into folds (tenant_id, leads_to)
    select id, null::timestamptz from tenants
    union
    select tenant_id, null from folds
    on conflict (tenant_id) do update set leads_to = null;
    return null;
end
$$;

-- Nothing is left of a tenant that is gone.
create function forget_tenants() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    noted text;
begin
    foreach noted in array array[
        'folds', 'attempt_changes', 'changed_hours', 'changed_zones', 'folded_attempts', 'folded_attempt_codes', 'folded_leads',
        'folded_links', 'folded_calls', 'folded_states', 'folded_entries'
    ] loop
        execute format('delete from %I where tenant_id in (select id from old_rows)', noted);
    end loop;
    return null;
end
$$;

-- Only triggers call these.
revoke execute on function note_attempts(), note_hours(), note_lead_zones(), note_campaign_zones(), forget_folds(),
    forget_tenants() from public;

create trigger note_inserted after insert on dial_attempts
    referencing new table as new_rows for each statement execute function note_attempts();

create trigger note_updated after update on dial_attempts
    referencing old table as old_rows new table as new_rows for each statement execute function note_attempts();

create trigger note_deleted after delete on dial_attempts
    referencing old table as old_rows for each statement execute function note_attempts();

create trigger note_truncated after truncate on dial_attempts for each statement execute function forget_folds();

create trigger note_inserted after insert on cdrs
    referencing new table as new_rows for each statement execute function note_hours('calls', 'started_at');

create trigger note_updated after update on cdrs
    referencing old table as old_rows new table as new_rows for each statement execute function note_hours('calls', 'started_at');

create trigger note_deleted after delete on cdrs
    referencing old table as old_rows for each statement execute function note_hours('calls', 'started_at');

create trigger note_truncated after truncate on cdrs for each statement execute function forget_folds();

create trigger note_inserted after insert on agent_state_intervals
    referencing new table as new_rows for each statement execute function note_hours('states', 'left_at');

create trigger note_updated after update on agent_state_intervals
    referencing old table as old_rows new table as new_rows for each statement execute function note_hours('states', 'left_at');

create trigger note_deleted after delete on agent_state_intervals
    referencing old table as old_rows for each statement execute function note_hours('states', 'left_at');

create trigger note_truncated after truncate on agent_state_intervals for each statement execute function forget_folds();

create trigger note_inserted after insert on dnc_entries
    referencing new table as new_rows for each statement execute function note_hours('dnc', 'added_at');

create trigger note_updated after update on dnc_entries
    referencing old table as old_rows new table as new_rows for each statement execute function note_hours('dnc', 'added_at');

create trigger note_deleted after delete on dnc_entries
    referencing old table as old_rows for each statement execute function note_hours('dnc', 'added_at');

create trigger note_truncated after truncate on dnc_entries for each statement execute function forget_folds();

create trigger note_updated after update on leads
    referencing old table as old_rows new table as new_rows for each statement execute function note_lead_zones();

create trigger note_inserted after insert on leads
    referencing new table as new_rows for each statement execute function note_lead_zones();

create trigger note_deleted after delete on leads
    referencing old table as old_rows for each statement execute function note_lead_zones();

create trigger note_updated after update on campaigns
    referencing old table as old_rows new table as new_rows for each statement execute function note_campaign_zones();

create trigger note_inserted after insert on campaigns
    referencing new table as new_rows for each statement execute function note_campaign_zones();

create trigger note_deleted after delete on campaigns
    referencing old table as old_rows for each statement execute function note_campaign_zones();

create trigger note_deleted after delete on tenants
    referencing old table as old_rows for each statement execute function forget_tenants();

-- Also for what is loaded by a session that replicates, which skips other triggers and foreign keys.
do $$
declare
    noting record;
begin
    for noting in
        select tgrelid::regclass as relation, tgname from pg_trigger where tgname like 'note\_%' and not tgisinternal
    loop
        execute format('alter table %s enable always trigger %I', noting.relation, noting.tgname);
    end loop;
end
$$;

-- A window is read as days, of which the first and the last may be a part, and the minutes up to the nearest slots from the
-- dialer's rows, added or taken away.

create function nearest_hour(at timestamptz) returns timestamptz
    language sql stable strict parallel safe
as $$ select hour_of(at + interval '30 minutes') $$;

create function nearest_slot(at timestamptz) returns timestamptz
    language sql stable strict parallel safe
as $$ select slot_of(at + slot_length() / 2) $$;

-- What is added (sign 1) to the slots nearest to a window, [first, last), or taken away from them (-1), to make it that
-- window.
create function ragged_ends(since timestamptz, until timestamptz, first timestamptz, last timestamptz)
    returns table (sign integer, begins timestamptz, ends timestamptz)
    language sql stable parallel safe rows 2
as $$
    select case when since < first then 1 else -1 end, least(since, first), greatest(since, first) where since <> first
    union all
    select case when last < until then 1 else -1 end, least(last, until), greatest(last, until) where last <> until
$$;

-- The days that make [first, last), which begins and ends with one of so many slots of a day: all of the slots of some days,
-- and those from `lo` up to `hi` of others.
create function fold_pieces(first timestamptz, last timestamptz, places integer)
    returns table (begins timestamptz, ends timestamptz, lo integer, hi integer)
    language sql stable parallel safe rows 3
as $$
    with bounds as (
        select day_of(first) as first_day, case when isfinite(first) then place_of(first, places) else 0 end as first_place,
            day_of(last) as last_day, place_of(last, places) as last_place
    )
    select first_day, first_day + interval '24 hours', first_place, last_place
    from bounds
    where first_day = last_day and first_place < last_place
    union all
    select first_day, first_day + interval '24 hours', first_place, places
    from bounds
    where first_day < last_day and first_place > 0
    union all
    select case when first_place > 0 then first_day + interval '24 hours' else first_day end, last_day, 0, places
    from bounds
    where first_day < last_day
    union all
    select last_day, last_day + interval '24 hours', 0, last_place
    from bounds
    where first_day < last_day and last_place > 0
$$;

-- Whether a moment is in calling hours, [opens, closes) of the clock of a zone: over midnight when it closes before it
-- opens, all day when both are equal. A campaign without hours has none inside.
create function is_inside(at timestamptz, zone text, opens time, closes time) returns boolean
    language sql stable parallel safe
as $$
    select case
        when opens is null then false
        when opens = closes then true
        when opens < closes then (at at time zone zone)::time >= opens and (at at time zone zone)::time < closes
        else (at at time zone zone)::time >= opens or (at at time zone zone)::time < closes
    end
$$;

-- The dialer's attempts from `begins` up to `ends`, of a campaign (null: all), one row each; inside only with zones. Each of the
-- two has an index of its own.
create function source_attempts(tenant uuid, campaign uuid, begins timestamptz, ends timestamptz, with_zones boolean)
    returns table (
        campaign_id uuid, code text, human integer, machine integer, abandoned integer, inside integer
    )
    language sql stable parallel safe
as $$
    select
        attempt.campaign_id,
        attempt.disposition_code,
        coalesce((attempt.answered_by = 'human')::integer, 0),
        coalesce((attempt.answered_by = 'machine')::integer, 0),
        attempt.abandoned::integer,
        case when with_zones then is_inside(
            attempt.attempted_at, coalesce(lead.timezone, owner.timezone), owner.calling_hours_start, owner.calling_hours_end
        )::integer end
    from (
        select campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code
        from dial_attempts
        where campaign is null and tenant_id = tenant and attempted_at >= begins and attempted_at < ends
        union all
        select campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code
        from dial_attempts
        where campaign_id = campaign and tenant_id = tenant and attempted_at >= begins and attempted_at < ends
    ) as attempt
    left join campaigns as owner on with_zones and owner.tenant_id = tenant and owner.id = attempt.campaign_id
    left join lateral (
        select lead.timezone
        from leads as lead
        where with_zones and lead.tenant_id = tenant and lead.id = attempt.lead_id
        offset 0
    ) as lead on true
$$;

-- A cell is a slot of a campaign: those within [first, last) whose attempts changed since they were folded; with zones, also
-- those whose attempts may be inside or outside of the calling hours now.
create function touched_cells(tenant uuid, first timestamptz, last timestamptz, campaign uuid, with_zones boolean)
    returns table (campaign_id uuid, slot timestamptz)
    language sql stable parallel safe
as $$
    select change.campaign_id, change.slot
    from attempt_changes as change
    where change.tenant_id = tenant and change.slot >= first and change.slot < last
        and (campaign is null or change.campaign_id = campaign)
    union
    select attempt.campaign_id, slot_of(attempt.attempted_at)
    from changed_zones as changed
    join dial_attempts as attempt
        on attempt.tenant_id = tenant and attempt.lead_id = changed.lead_id
            and attempt.attempted_at >= first and attempt.attempted_at < last
    where with_zones and changed.tenant_id = tenant and changed.lead_id is not null
        and (campaign is null or attempt.campaign_id = campaign)
    union
    select changed.campaign_id, slots.slot
    from changed_zones as changed
    cross join generate_series(first, last - slot_length(), slot_length()) as slots (slot)
    where with_zones and changed.tenant_id = tenant and changed.campaign_id is not null
        and (campaign is null or changed.campaign_id = campaign)
$$;

-- The same by day of a campaign, with the places of its touched slots.
create function touched_cell_days(tenant uuid, first timestamptz, last timestamptz, campaign uuid, with_zones boolean)
    returns table (campaign_id uuid, day timestamptz, places integer[])
    language sql stable parallel safe
as $$
    select campaign_id, day_of(slot), array_agg(place_of(slot, slots_of_day()))
    from touched_cells(tenant, first, last, campaign, with_zones)
    group by 1, 2
$$;

-- The spans of which the dialer's attempts are counted: touched cells, and the ragged ends (of all campaigns where `campaign_id` is
-- null), which may be taken away (sign -1).
create function cell_spans(tenant uuid, since timestamptz, until timestamptz, campaign uuid, with_zones boolean)
    returns table (sign integer, campaign_id uuid, begins timestamptz, ends timestamptz)
    language sql stable parallel safe
as $$
    select 1, campaign_id, slot, slot + slot_length()
    from touched_cells(tenant, nearest_slot(since), nearest_slot(until), campaign, with_zones)
    union all
    select sign, campaign, begins, ends from ragged_ends(since, until, nearest_slot(since), nearest_slot(until))
$$;

-- In what follows, `offset 0` keeps a subquery a loop over an index: the planner cannot know how few rows it is asked for.
-- Those that reports ask are in PL/pgSQL since it keeps a plan for the next call of the session: planning takes longer than
-- reading some thousand rows. Without sorting where thousands of rows are grouped by a text: comparing texts by their collation takes
-- longer than hashing them.

-- Whether the folded rows answer for the attempts of a window, and sooner than plain SQL: not where a tenth of its attempts are in
-- slots that were touched since, or these are many: each takes as long as a hundred attempts by plain SQL. Some may always be, so
-- that small windows have folded counts at all. Counting what was touched stops where it is too much.
create function serves_attempts(tenant uuid, since timestamptz, until timestamptz, with_zones boolean) returns boolean
    language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan
    set enable_sort = off
as $$
declare
    first constant timestamptz := nearest_slot(since);
    last constant timestamptz := nearest_slot(until);
    window_attempts bigint;
    most_cells bigint;
    most_changes bigint;
    found_cells bigint;
    found_changes bigint;
    found_zones bigint;
    found_campaigns bigint;
begin
    if not exists (select from folds where tenant_id = tenant and leads_to >= last) then
        return false;
    end if;
    select coalesce(sum(sum_of(folded.attempts, piece.lo, piece.hi)), 0) into window_attempts
    from fold_pieces(first, last, slots_of_day()) as piece
    join folded_attempts as folded
        on folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends;
    most_cells := 100 + window_attempts / 400;
    most_changes := 1000 + window_attempts / 50;

    -- In the order of the index, without sorting, so that it ends with the first cell or change that is too much.
    select count(*), sum(cell.changes) into found_cells, found_changes
    from (
        select count(*) as changes
        from (
            select slot, campaign_id
            from attempt_changes
            where tenant_id = tenant and slot >= first and slot < last
            order by slot, campaign_id
            limit most_changes
        ) as change
        group by slot, campaign_id
        order by slot, campaign_id
        limit most_cells + 1
    ) as cell;
    if found_cells > most_cells or found_changes = most_changes then
        return false;
    end if;

    if with_zones and exists (select from changed_zones where tenant_id = tenant) then
        select count(*), count(distinct campaign_id) into found_zones, found_campaigns
        from (select campaign_id from changed_zones where tenant_id = tenant limit most_cells) as changed;
        if found_zones = most_cells
            or found_campaigns * date_part('epoch', last - first) / date_part('epoch', slot_length()) > most_cells then
            return false;
        end if;
        select count(*) into found_cells
        from (select from touched_cells(tenant, first, last, null, with_zones) limit most_cells + 1) as cells;
        if found_cells > most_cells then
            return false;
        end if;
    end if;
    return (
        select coalesce(sum(folded.attempts), 0) <= 1000 + window_attempts / 10
        from touched_cell_days(tenant, first, last, null, with_zones) as touched
        left join lateral (
            select (select sum(sum_of(folded.attempts, place, place + 1)) from unnest(touched.places) as place) as attempts
            from folded_attempts as folded
            where folded.tenant_id = tenant and folded.day = touched.day and folded.campaign_id = touched.campaign_id
        ) as folded on true
    );
end
$$;

-- The same for distinct leads: not where the attempts that came or went since are more than a thirtieth of those of the
-- window.
create function serves_leads(tenant uuid, since timestamptz, until timestamptz) returns boolean
    language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan
as $$
declare
    most_leads bigint;
begin
    select 100 + coalesce(sum(sum_of(folded.leads, piece.lo, piece.hi)), 0) / 30 into most_leads
    from fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
    join folded_leads as folded
        on folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends and folded.campaign_id is null;
    return exists (select from folds where tenant_id = tenant and leads_to >= nearest_slot(until))
        and (
            select coalesce(sum(touched.leads), 0) <= most_leads and count(*) <= most_leads
            from (
                select change.leads
                from attempt_changes as change
                where change.tenant_id = tenant and change.slot >= nearest_slot(since) and change.slot < nearest_slot(until)
                limit most_leads + 1
            ) as touched
        );
end
$$;

-- The attempts of a window by campaign (null: all); inside, of the calling hours, only with zones.
create function attempt_counts(tenant uuid, since timestamptz, until timestamptz, campaign uuid, with_zones boolean)
    returns table (campaign_id uuid, attempts bigint, human bigint, machine bigint, abandoned bigint, inside bigint)
    language plpgsql stable parallel safe rows 20 set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with part as (
        -- What is folded, calling hours by a copy (`[:]`): they are stored apart, and would be fetched with each look.
        select 1 as sign, folded.campaign_id, sum_of(folded.attempts, lo, hi) as attempts, sum_of(folded.human, lo, hi) as human,
            sum_of(folded.machine, lo, hi) as machine, sum_of(folded.abandoned, lo, hi) as abandoned,
            sum_of(folded.inside, lo, hi) as inside
        from fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select folded.campaign_id, folded.attempts, folded.human, folded.machine, folded.abandoned,
                case when with_zones then folded.inside[:] end as inside
            from folded_attempts as folded
            where folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            offset 0
        ) as folded
        union all
        -- less touched slots,
        select -1, folded.campaign_id, sum_of(folded.attempts, place, place + 1), sum_of(folded.human, place, place + 1),
            sum_of(folded.machine, place, place + 1), sum_of(folded.abandoned, place, place + 1),
            sum_of(folded.inside, place, place + 1)
        from touched_cell_days(tenant, nearest_slot(since), nearest_slot(until), campaign, with_zones) as touched
        cross join lateral (
            select folded.campaign_id, folded.attempts, folded.human, folded.machine, folded.abandoned,
                case when with_zones then folded.inside[:] end as inside
            from folded_attempts as folded
            where folded.tenant_id = tenant and folded.day = touched.day and folded.campaign_id = touched.campaign_id
            offset 0
        ) as folded
        cross join unnest(touched.places) as place
        union all
        -- and the dialer's attempts of these and of the ragged ends.
        select span.sign, now.campaign_id, 1, now.human, now.machine, now.abandoned, now.inside
        from cell_spans(tenant, since, until, campaign, with_zones) as span
        cross join lateral (
            select * from source_attempts(tenant, span.campaign_id, span.begins, span.ends, with_zones) offset 0
        ) as now
    )
    select part.campaign_id, sum(sign * part.attempts)::bigint, sum(sign * part.human)::bigint,
        sum(sign * part.machine)::bigint, sum(sign * part.abandoned)::bigint, sum(sign * part.inside)::bigint
    from part
    group by part.campaign_id
    having sum(sign * part.attempts) > 0;
end
$$;

-- The attempts of a window that have a code, by campaign (null: all) and code: all codes, or those that are a sale.
create function attempt_code_counts(tenant uuid, since timestamptz, until timestamptz, campaign uuid, only_sales boolean)
    returns table (campaign_id uuid, code text, attempts bigint)
    language plpgsql stable parallel safe rows 300 set plan_cache_mode = force_generic_plan
    set enable_sort = off
as $$
#variable_conflict use_column
begin
    return query
    with part as (
        -- What is folded, of all codes
        select 1 as sign, folded.campaign_id, folded.code, folded.attempts
        from fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select folded.campaign_id, folded.code, sum(sum_of(folded.attempts, piece.lo, piece.hi)) as attempts
            from folded_attempt_codes as folded
            where not only_sales
                and folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            group by folded.campaign_id, folded.code
        ) as folded
        union all
        -- or of sales,
        select 1, folded.campaign_id, folded.code, sum_of(folded.attempts, piece.lo, piece.hi)
        from fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join dispositions as sale
        cross join lateral (
            select *
            from folded_attempt_codes as folded
            where folded.tenant_id = tenant and folded.code = sale.code
                and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            offset 0
        ) as folded
        where only_sales and sale.tenant_id = tenant and sale.is_sale
        union all
        -- less touched slots,
        select -1, folded.campaign_id, folded.code, (
            select sum(sum_of(folded.attempts, place, place + 1)) from unnest(touched.places) as place
        )
        from touched_cell_days(tenant, nearest_slot(since), nearest_slot(until), campaign, false) as touched
        cross join lateral (
            select *
            from folded_attempt_codes as folded
            where folded.tenant_id = tenant and folded.day = touched.day and folded.campaign_id = touched.campaign_id
            offset 0
        ) as folded
        union all
        -- and the dialer's attempts of these and of the ragged ends.
        select span.sign, now.campaign_id, now.code, 1
        from cell_spans(tenant, since, until, campaign, false) as span
        cross join lateral (
            select * from source_attempts(tenant, span.campaign_id, span.begins, span.ends, false) offset 0
        ) as now
        where now.code is not null
    )
    select part.campaign_id, part.code, sum(sign * part.attempts)::bigint
    from part
    where not only_sales or part.code in (
        select sale.code from dispositions as sale where sale.tenant_id = tenant and sale.is_sale
    )
    group by part.campaign_id, part.code
    having sum(sign * part.attempts) > 0;
end
$$;

-- Distinct leads of a window, of each campaign (null: all), and, where campaign_id is null, of all of them together.
--
-- A lead's slots within the window make a path: slots less the links between them is one for each lead. So much of the
-- folded slots; what a lead that was touched since, or that has attempts in the ragged ends, adds or takes away, its
-- attempts say.
create function lead_counts(tenant uuid, since timestamptz, until timestamptz, campaign uuid)
    returns table (campaign_id uuid, leads bigint)
    language plpgsql stable parallel safe rows 20 set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with whole as materialized (
        select nearest_slot(since) as first, nearest_slot(until) as last, day_of(nearest_slot(since)) as first_day,
            day_of(nearest_slot(since) + interval '24 hours' - slot_length()) as whole_day,
            place_of(nearest_slot(since), slots_of_day()) as first_place,
            greatest(since, nearest_slot(since)) as core_begins, least(until, nearest_slot(until)) as core_ends
    ),
    -- What was touched since.
    net as materialized (
        select change.campaign_id, entry.lead_id, sum(entry.sign) as net
        from attempt_changes as change
        cross join lateral (
            select unnest(change.added) as lead_id, 1 as sign
            union all
            select unnest(change.removed), -1
        ) as entry
        where change.tenant_id = tenant and change.leads > 0
            and change.slot >= nearest_slot(since) and change.slot < nearest_slot(until)
            and (campaign is null or change.campaign_id = campaign)
        group by change.campaign_id, entry.lead_id
    ),
    touched_lead as materialized (select distinct net.lead_id from net),
    -- Attempts of these now, in the window and in the whole slots.
    seen as materialized (
        select touched_lead.lead_id, attempt.campaign_id,
            count(*) filter (where attempt.attempted_at >= since and attempt.attempted_at < until) as in_window,
            count(*) filter (where attempt.attempted_at >= whole.first and attempt.attempted_at < whole.last) as in_whole
        from whole
        cross join touched_lead
        cross join lateral (
            select other.campaign_id, other.attempted_at
            from dial_attempts as other
            where other.tenant_id = tenant and other.lead_id = touched_lead.lead_id
                and other.attempted_at >= least(since, whole.first) and other.attempted_at < greatest(until, whole.last)
                and (campaign is null or other.campaign_id = campaign)
            offset 0
        ) as attempt
        group by touched_lead.lead_id, attempt.campaign_id
    ),
    touched as materialized (
        select lead_id, campaign_id, coalesce(seen.in_window, 0) as attempts_now,
            coalesce(seen.in_whole, 0) - coalesce(net.net, 0) as attempts_folded
        from seen
        full join net using (lead_id, campaign_id)
    ),
    -- Others of the ragged ends: a lead counts where it has no attempt in what the window and the whole slots have in
    -- common. Those that have are most, so what is left is grouped, not what is looked up.
    lone as materialized (
        select attempt.lead_id, attempt.campaign_id,
            bool_or(attempt.attempted_at >= since and attempt.attempted_at < until) as is_added,
            bool_or(attempt.attempted_at >= whole.first and attempt.attempted_at < whole.last) as is_removed
        from whole
        cross join ragged_ends(since, until, nearest_slot(since), nearest_slot(until)) as ends
        cross join lateral (
            select other.lead_id, other.campaign_id, other.attempted_at
            from dial_attempts as other
            where other.tenant_id = tenant and other.attempted_at >= ends.begins and other.attempted_at < ends.ends
                and (campaign is null or other.campaign_id = campaign)
            offset 0
        ) as attempt
        where attempt.lead_id not in (select touched_lead.lead_id from touched_lead)
            and (
                select true
                from dial_attempts as other
                where other.tenant_id = tenant and other.lead_id = attempt.lead_id and other.campaign_id = attempt.campaign_id
                    and other.attempted_at >= whole.core_begins and other.attempted_at < whole.core_ends
                limit 1
            ) is null
        group by attempt.lead_id, attempt.campaign_id
    ),
    lone_lead as (
        select lone.lead_id, bool_or(lone.is_added) as is_added, bool_or(lone.is_removed) as is_removed
        from whole
        cross join lone
        where campaign is null and (
            select true
            from dial_attempts as other
            where other.tenant_id = tenant and other.lead_id = lone.lead_id
                and other.attempted_at >= whole.core_begins and other.attempted_at < whole.core_ends
            limit 1
        ) is null
        group by lone.lead_id
    ),
    part as (
        -- Slots less the links from the window's first whole day or later: to whole days,
        select folded.campaign_id, folded.leads
        from whole
        cross join fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select folded.campaign_id, sum(
                sum_of(folded.leads, piece.lo, piece.hi)
                - case when piece.hi - piece.lo = slots_of_day()
                    then coalesce(folded.links_since[width_bucket(days_from(whole.whole_day, folded.day), folded.link_ages)], 0)
                    else 0
                end
            ) as leads
            from folded_leads as folded
            where folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            group by folded.campaign_id
        ) as folded
        union all
        -- and to parts of days,
        select folded.campaign_id, -folded.links
        from whole
        cross join fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select folded.campaign_id, sum(sum_of(folded.links, piece.lo, piece.hi)) as links
            from folded_links as folded
            where folded.tenant_id = tenant and folded.day = piece.begins and folded.from_day >= whole.whole_day
                and (campaign is null or folded.campaign_id = campaign)
            group by folded.campaign_id
        ) as folded
        where piece.hi - piece.lo < slots_of_day()
        union all
        -- and those from what the window has of the day before its first whole one: to whole days,
        select folded.campaign_id, -folded.links
        from whole
        cross join fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select folded.campaign_id, sum(sum_of(folded.from_links, whole.first_place, slots_of_day())) as links
            from folded_links as folded
            where folded.tenant_id = tenant and folded.from_day = whole.first_day
                and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            group by folded.campaign_id
        ) as folded
        where whole.first_day < whole.whole_day and piece.hi - piece.lo = slots_of_day()
        union all
        -- and to parts of days: one by one to the slots of the part, or all but those to the slots after it, whichever are fewer.
        select folded.campaign_id, -(
            case when way.is_short then 0 else sum_of(folded.from_links, whole.first_place, slots_of_day()) end
            + case when way.is_short then 1 else -1 end * (
                select coalesce(sum(
                    folded.links[place + 1] - links_before(folded.from_places, folded.links, place, whole.first_place)
                ), 0)
                from generate_series(way.lo, way.hi - 1) as place
            )
        )
        from whole
        cross join fold_pieces(nearest_slot(since), nearest_slot(until), slots_of_day()) as piece
        cross join lateral (
            select true as is_short, piece.lo, piece.hi
            where piece.hi - piece.lo <= slots_of_day() - piece.hi
            union all
            select false, piece.hi, slots_of_day()
            where piece.hi - piece.lo > slots_of_day() - piece.hi
        ) as way
        cross join lateral (
            -- `[:]` is an unpacked copy: slots are looked up many times.
            select folded.campaign_id, folded.from_places[:] as from_places, folded.links[:] as links, folded.from_links
            from folded_links as folded
            where folded.tenant_id = tenant and folded.from_day = whole.first_day and folded.day = piece.begins
                and (campaign is null or folded.campaign_id = campaign)
            offset 0
        ) as folded
        where whole.first_day < whole.whole_day and piece.hi - piece.lo < slots_of_day()
        union all
        select touched.campaign_id, (attempts_now > 0)::integer - (attempts_folded > 0)::integer from touched
        union all
        select null, (sum(attempts_now) > 0)::integer - (sum(attempts_folded) > 0)::integer
        from touched
        where campaign is null
        group by lead_id
        union all
        select lone.campaign_id, is_added::integer - is_removed::integer from lone
        union all
        select null, is_added::integer - is_removed::integer from lone_lead
    )
    select part.campaign_id, sum(part.leads)::bigint from part group by part.campaign_id;
end
$$;

-- Whether the folded rows answer for a source of a window, and sooner than plain SQL: not where more than a twentieth of its hours,
-- and three, were touched since, or it takes long to count these. Of do-not-call entries all that came before the window count
-- too.
create function serves_hours(tenant uuid, touched_source text, since timestamptz, until timestamptz) returns boolean
    language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan
as $$
declare
    counted_from constant timestamptz := case touched_source when 'dnc' then '-infinity' else since end;
    most_changes constant integer := 10000;
    hours double precision;
begin
    if not exists (select from folds where tenant_id = tenant and leads_to is not null) then
        return false;
    end if;
    -- Those of days that have anything.
    select 24 * count(distinct day) into hours
    from (
        select day from folded_calls where tenant_id = tenant and touched_source = 'calls'
        union all
        select day from folded_states where tenant_id = tenant and touched_source = 'states'
        union all
        select day from folded_entries where tenant_id = tenant and kind = 'dnc' and touched_source = 'dnc'
    ) as folded
    where day >= day_of(counted_from) and day < until;
    if isfinite(counted_from) then
        hours := least(hours, date_part('epoch', nearest_hour(until) - nearest_hour(counted_from)) / 3600);
    end if;
    return (
        select count(*) < most_changes and count(distinct changed.hour) <= 3 + hours / 20
        from (
            select hour
            from changed_hours
            where tenant_id = tenant and source = touched_source
                and hour >= nearest_hour(counted_from) and hour < nearest_hour(until)
            limit most_changes
        ) as changed
    );
end
$$;

create function touched_hours(tenant uuid, touched_source text, since timestamptz, until timestamptz)
    returns table (hour timestamptz)
    language sql stable parallel safe
as $$
    select distinct changed.hour
    from changed_hours as changed
    where changed.tenant_id = tenant and changed.source = touched_source
        and changed.hour >= nearest_hour(since) and changed.hour < nearest_hour(until)
$$;

-- The same by day, with the places of its touched hours.
create function touched_hour_days(tenant uuid, touched_source text, since timestamptz, until timestamptz)
    returns table (day timestamptz, places integer[])
    language sql stable parallel safe
as $$
    select day_of(hour), array_agg(place_of(hour, 24))
    from touched_hours(tenant, touched_source, since, until)
    group by 1
$$;

-- The spans of which the dialer's rows are counted: touched hours, and the ragged ends, which may be taken away (sign -1).
create function hour_spans(tenant uuid, touched_source text, since timestamptz, until timestamptz)
    returns table (sign integer, begins timestamptz, ends timestamptz)
    language sql stable parallel safe
as $$
    select 1, hour, hour + interval '1 hour' from touched_hours(tenant, touched_source, since, until)
    union all
    select sign, begins, ends from ragged_ends(since, until, nearest_hour(since), nearest_hour(until))
$$;

-- The dialer's calls from `begins` up to `ends`, of a campaign (null: all), one row each. Each of the two has an index of its own.
create function source_calls(tenant uuid, campaign uuid, begins timestamptz, ends timestamptz)
    returns table (
        campaign_id uuid, agent_id uuid, started_at timestamptz, hangup_cause text, disposition_code text, answered integer,
        talk_secs integer, answered_talk_secs integer, rated integer, positive integer, negative integer, thousandths integer
    )
    language sql stable parallel safe
as $$
    select
        call.campaign_id,
        call.agent_id,
        call.started_at,
        call.hangup_cause,
        call.disposition_code,
        (call.answered_at is not null)::integer,
        call.talk_secs,
        case when call.answered_at is not null then call.talk_secs else 0 end,
        (call.sentiment is not null)::integer,
        coalesce((call.sentiment > 0)::integer, 0),
        coalesce((call.sentiment < 0)::integer, 0),
        coalesce((call.sentiment * 1000)::integer, 0)
    from (
        select campaign_id, agent_id, started_at, hangup_cause, disposition_code, answered_at, talk_secs, sentiment
        from cdrs
        where campaign is null and tenant_id = tenant and started_at >= begins and started_at < ends
        union all
        select campaign_id, agent_id, started_at, hangup_cause, disposition_code, answered_at, talk_secs, sentiment
        from cdrs
        where campaign_id = campaign and tenant_id = tenant and started_at >= begins and started_at < ends
    ) as call
$$;

-- The calls of a window by date in a zone and by campaign (null: all). What an hour holds is of one date, or its calls are
-- read.
create function call_counts(tenant uuid, since timestamptz, until timestamptz, campaign uuid, zone text)
    returns table (
        date date, campaign_id uuid, calls bigint, answered bigint, talk_secs bigint, answered_talk_secs bigint,
        rated bigint, positive bigint, negative bigint, thousandths bigint
    )
    language plpgsql stable parallel safe rows 1000 set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with whole as materialized (
        select hour, local::date as date, day_of(hour) as day, place_of(hour, 24) as place,
            hour in (select touched.hour from touched_hours(tenant, 'calls', since, until) as touched)
            or (local + interval '1 hour' - interval '1 microsecond')::date <> local::date
            -- The clock changes within it.
            or local + interval '1 hour' <> next_local as is_read
        from (
            select hour, hour at time zone zone as local, (hour + interval '1 hour') at time zone zone as next_local
            from (
                -- Without a folded day and untouched, an hour has none.
                select folded.day + place * interval '1 hour' as hour
                from (
                    select distinct folded.day
                    from folded_calls as folded
                    where folded.tenant_id = tenant and folded.day >= day_of(since) and folded.day < until
                ) as folded
                cross join generate_series(0, 23) as place
                union
                select hour from touched_hours(tenant, 'calls', since, until)
            ) as hours
            where hour >= nearest_hour(since) and hour < nearest_hour(until)
            offset 0
        ) as hours
    ),
    piece as (
        -- Hours of a folded day that follow on each other and have the same date.
        select date, day, min(place) as lo, max(place) + 1 as hi
        from (
            select date, day, place, place - row_number() over (partition by day, date order by place) as island
            from whole
            where not is_read
        ) as hours
        group by date, day, island
    ),
    part as (
        select piece.date, folded.campaign_id, sum_of(folded.calls, lo, hi) as calls, sum_of(folded.answered, lo, hi) as answered,
            sum_of(folded.talk_secs, lo, hi) as talk_secs, sum_of(folded.answered_talk_secs, lo, hi) as answered_talk_secs,
            sum_of(folded.rated, lo, hi) as rated, sum_of(folded.positive, lo, hi) as positive,
            sum_of(folded.negative, lo, hi) as negative, sum_of(folded.thousandths, lo, hi) as thousandths
        from piece
        cross join lateral (
            select *
            from folded_calls as folded
            where folded.tenant_id = tenant and folded.day = piece.day
                and (campaign is null or folded.campaign_id = campaign)
            offset 0
        ) as folded
        union all
        select (call.started_at at time zone zone)::date, call.campaign_id, sign, sign * call.answered, sign * call.talk_secs,
            sign * call.answered_talk_secs, sign * call.rated, sign * call.positive, sign * call.negative,
            sign * call.thousandths
        from (
            select 1 as sign, hour as begins, hour + interval '1 hour' as ends from whole where is_read
            union all
            select sign, begins, ends from ragged_ends(since, until, nearest_hour(since), nearest_hour(until))
        ) as span
        cross join lateral (
            select * from source_calls(tenant, campaign, span.begins, span.ends) offset 0
        ) as call
    )
    select part.date, part.campaign_id, sum(part.calls)::bigint, sum(part.answered)::bigint,
        sum(part.talk_secs)::bigint, sum(part.answered_talk_secs)::bigint, sum(part.rated)::bigint,
        sum(part.positive)::bigint, sum(part.negative)::bigint, sum(part.thousandths)::bigint
    from part
    group by 1, 2
    having sum(part.calls) > 0;
end
$$;

-- The dialer's rows from `begins` up to `ends` of a kind of folded entries, of a campaign (null: all), one row each.
create function source_entries(tenant uuid, counted_kind text, campaign uuid, begins timestamptz, ends timestamptz)
    returns table (campaign_id uuid, agent_id uuid, name text, talk_secs integer)
    language sql stable parallel safe
as $$
    select case when counted_kind = 'campaign_causes' then call.campaign_id end, null::uuid, call.hangup_cause, 0
    from source_calls(tenant, campaign, begins, ends) as call
    where counted_kind in ('causes', 'campaign_causes')
    union all
    select case when counted_kind = 'campaign_codes' then call.campaign_id end, null, call.disposition_code, 0
    from source_calls(tenant, campaign, begins, ends) as call
    where counted_kind in ('codes', 'campaign_codes') and call.disposition_code is not null
    union all
    select null, call.agent_id, null, call.talk_secs
    from source_calls(tenant, campaign, begins, ends) as call
    where counted_kind = 'agents' and call.agent_id is not null
    union all
    select null, null, entry.source, 0
    from dnc_entries as entry
    where counted_kind = 'dnc' and entry.tenant_id = tenant and entry.added_at >= begins and entry.added_at < ends
$$;

-- The entries of a kind in a window, which may begin at -infinity, by agent and name; causes and codes of a campaign (null:
-- all). One may have none.
create function entry_counts(tenant uuid, asked_kind text, since timestamptz, until timestamptz, campaign uuid)
    returns table (agent_id uuid, name text, entries bigint, talk_secs bigint)
    language plpgsql stable parallel safe rows 100 set plan_cache_mode = force_generic_plan
    set enable_sort = off
as $$
#variable_conflict use_column
declare
    counted_kind constant text := case when campaign is null then asked_kind else 'campaign_' || asked_kind end;
    counted_source constant text := case asked_kind when 'dnc' then 'dnc' else 'calls' end;
begin
    return query
    with part as (
        -- By piece first: to add integers takes less than to add what they are added to.
        select 1 as sign, folded.agent_id, folded.name, folded.entries, folded.talk_secs
        from fold_pieces(nearest_hour(since), nearest_hour(until), 24) as piece
        cross join lateral (
            select folded.agent_id, folded.name, sum(sum_of(folded.entries, piece.lo, piece.hi)) as entries,
                coalesce(sum(sum_of(folded.talk_secs, piece.lo, piece.hi)), 0)::bigint as talk_secs
            from folded_entries as folded
            where folded.tenant_id = tenant and folded.kind = counted_kind
                and folded.day >= piece.begins and folded.day < piece.ends
                and (campaign is null or folded.campaign_id = campaign)
            group by folded.agent_id, folded.name
        ) as folded
        union all
        -- less touched hours,
        select -1, folded.agent_id, folded.name, sum_of(folded.entries, place, place + 1),
            coalesce(sum_of(folded.talk_secs, place, place + 1), 0)
        from touched_hour_days(tenant, counted_source, since, until) as touched
        cross join lateral (
            select *
            from folded_entries as folded
            where folded.tenant_id = tenant and folded.kind = counted_kind and folded.day = touched.day
                and (campaign is null or folded.campaign_id = campaign)
            offset 0
        ) as folded
        cross join unnest(touched.places) as place
        union all
        -- and the dialer's rows of these and of the ragged ends.
        select span.sign, entry.agent_id, entry.name, 1, entry.talk_secs
        from hour_spans(tenant, counted_source, since, until) as span
        cross join lateral (
            select * from source_entries(tenant, counted_kind, campaign, span.begins, span.ends) offset 0
        ) as entry
    )
    select part.agent_id, part.name, sum(sign * part.entries)::bigint, sum(sign * part.talk_secs)::bigint
    from part
    group by part.agent_id, part.name;
end
$$;

-- The intervals of agents' states that ended from `begins` up to `ends`, one row each.
create function source_states(tenant uuid, begins timestamptz, ends timestamptz)
    returns table (
        agent_id uuid, available_micros bigint, busy_micros bigint, wrap_micros bigint, break_micros bigint,
        offline_micros bigint
    )
    language sql stable parallel safe
as $$
    select
        spent.agent_id,
        case spent.state when 'available' then spent.micros end,
        case spent.state when 'busy' then spent.micros end,
        case spent.state when 'wrap' then spent.micros end,
        case spent.state when 'break' then spent.micros end,
        case spent.state when 'offline' then spent.micros end
    from (
        select agent_id, state, (extract(epoch from left_at - entered_at) * 1000000)::bigint as micros
        from agent_state_intervals
        where tenant_id = tenant and left_at >= begins and left_at < ends
        offset 0
    ) as spent
$$;

-- Microseconds of the intervals that ended in a window, by agent.
create function state_counts(tenant uuid, since timestamptz, until timestamptz)
    returns table (
        agent_id uuid, available_micros bigint, busy_micros bigint, wrap_micros bigint, break_micros bigint,
        offline_micros bigint
    )
    language plpgsql stable parallel safe rows 100 set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with part as (
        select 1 as sign, folded.agent_id, sum_of(folded.available_micros, lo, hi) as available_micros,
            sum_of(folded.busy_micros, lo, hi) as busy_micros, sum_of(folded.wrap_micros, lo, hi) as wrap_micros,
            sum_of(folded.break_micros, lo, hi) as break_micros, sum_of(folded.offline_micros, lo, hi) as offline_micros
        from fold_pieces(nearest_hour(since), nearest_hour(until), 24) as piece
        cross join lateral (
            select *
            from folded_states as folded
            where folded.tenant_id = tenant and folded.day >= piece.begins and folded.day < piece.ends
            offset 0
        ) as folded
        union all
        -- less touched hours,
        select -1, folded.agent_id, sum_of(folded.available_micros, place, place + 1),
            sum_of(folded.busy_micros, place, place + 1), sum_of(folded.wrap_micros, place, place + 1),
            sum_of(folded.break_micros, place, place + 1), sum_of(folded.offline_micros, place, place + 1)
        from touched_hour_days(tenant, 'states', since, until) as touched
        cross join lateral (
            select *
            from folded_states as folded
            where folded.tenant_id = tenant and folded.day = touched.day
            offset 0
        ) as folded
        cross join unnest(touched.places) as place
        union all
        -- and the dialer's intervals that ended in these and in the ragged ends.
        select span.sign, spent.agent_id, spent.available_micros, spent.busy_micros, spent.wrap_micros, spent.break_micros,
            spent.offline_micros
        from hour_spans(tenant, 'states', since, until) as span
        cross join lateral (
            select * from source_states(tenant, span.begins, span.ends) offset 0
        ) as spent
    )
    select part.agent_id, sum(sign * available_micros)::bigint, sum(sign * busy_micros)::bigint,
        sum(sign * wrap_micros)::bigint, sum(sign * break_micros)::bigint, sum(sign * offline_micros)::bigint
    from part
    group by part.agent_id;
end
$$;

-- What the next step counts again, and at most so much of it: touched slots of campaigns, by days of campaigns, since these are written
-- as a whole, and then touched hours; the earliest of either.

create function oldest_cells(tenant uuid, cells bigint, days bigint)
    returns table (day timestamptz, campaign_id uuid, slot timestamptz)
    language sql stable
as $$
    -- The days that so many earliest rows are of, which may be fewer slots: nothing behind these days is sorted.
    with reach as materialized (
        select day_of(max(earliest.slot)) + interval '24 hours' as ends
        from (
            select change.slot
            from attempt_changes as change
            where change.tenant_id = tenant
            order by change.slot
            limit cells
        ) as earliest
    )
    select numbered.day, numbered.campaign_id, numbered.slot
    from (
        select touched.*, dense_rank() over (order by touched.day, touched.campaign_id) as nth
        from (
            select day_of(change.slot) as day, change.campaign_id, change.slot
            from attempt_changes as change
            where change.tenant_id = tenant and change.slot < (select ends from reach)
            group by change.slot, change.campaign_id
        ) as touched
    ) as numbered
    where numbered.nth <= days
    order by numbered.day, numbered.campaign_id, numbered.slot
    limit cells
$$;

create function oldest_hours(tenant uuid, touched_source text, hours bigint) returns table (hour timestamptz)
    language sql stable
as $$
    select distinct changed.hour
    from changed_hours as changed
    where changed.tenant_id = tenant and changed.source = touched_source
    order by changed.hour
    limit hours
$$;

grant select, insert, update, delete on folds, attempt_changes, changed_hours, changed_zones, folded_attempts,
    folded_attempt_codes, folded_leads, folded_links, folded_calls, folded_states, folded_entries to callmetry_app;

-- What operators verify reads what reports read: no telephone number, no recording and nobody's name but agents'.
grant select on folds, attempt_changes, changed_hours, changed_zones, folded_attempts, folded_attempt_codes, folded_leads,
    folded_links, folded_calls, folded_states, folded_entries, campaigns, dispositions, qa_scorecards, qa_scorecard_versions,
    submitted_evaluations to callmetry_admin;

-- Without the comments.
grant select (tenant_id, agent_id, status, score, submitted_at) on qa_evaluations to callmetry_admin;

grant select (id, tenant_id, name, team, state, state_since) on agents to callmetry_admin;

grant select (id, tenant_id, timezone) on leads to callmetry_admin;

grant select (id, tenant_id, campaign_id, lead_id, agent_id, attempted_at, answered_by, abandoned, disposition_code)
    on dial_attempts to callmetry_admin;

grant select (id, tenant_id, campaign_id, agent_id, started_at, answered_at, talk_secs, hangup_cause, disposition_code, sentiment)
    on cdrs to callmetry_admin;

grant select (tenant_id, agent_id, state, entered_at, left_at) on agent_state_intervals to callmetry_admin;

grant select (tenant_id, source, added_at) on dnc_entries to callmetry_admin;

-- Forgets what is folded.
grant update (leads_to) on folds to callmetry_admin;

-- The planner knows little of how many rows a report reads, and compiling a statement takes longer than reading the folded
-- ones.
do $$
begin
    execute format('alter role callmetry_app in database %I set jit = off', current_database());
    execute format('alter role callmetry_admin in database %I set jit = off', current_database());
end
$$;
