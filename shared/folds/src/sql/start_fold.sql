-- folds.start_fold
-- Begins to fold a tenant from nothing: leads and attempts of no slot are folded, and every hour that has a row of another source is
-- touched.
-- Parameters: tenant_id, is_there (whether this transaction has taken a fold that was forgotten; else there was none). Returns a
-- row if it has begun, none if somebody else has.
-- Indexes: folds_pkey; cdrs_by_time, agent_state_intervals_by_end, dnc_entries_by_time (index-only), from one hour to the next.
with recursive again as (
    update folds
    set leads_to = '-infinity', folded_at = '-infinity'
    where :is_there::boolean and tenant_id = :tenant_id::uuid
    returning tenant_id
),
anew as (
    insert into folds (tenant_id, leads_to, folded_at)
    select :tenant_id::uuid, '-infinity', '-infinity'
    where not :is_there::boolean
    on conflict do nothing
    returning tenant_id
),
started as (
    select tenant_id from again
    union all
    select tenant_id from anew
),
calls (hour) as (
    select hour_of(min(started_at)) from cdrs where tenant_id = :tenant_id::uuid
    union all
    select (
        select hour_of(min(started_at))
        from cdrs
        where tenant_id = :tenant_id::uuid and started_at >= calls.hour + interval '1 hour'
    )
    from calls
    where calls.hour is not null
),
states (hour) as (
    select hour_of(min(left_at)) from agent_state_intervals where tenant_id = :tenant_id::uuid and left_at is not null
    union all
    select (
        select hour_of(min(left_at))
        from agent_state_intervals
        where tenant_id = :tenant_id::uuid and left_at >= states.hour + interval '1 hour'
    )
    from states
    where states.hour is not null
),
dnc (hour) as (
    select hour_of(min(added_at)) from dnc_entries where tenant_id = :tenant_id::uuid
    union all
    select (
        select hour_of(min(added_at))
        from dnc_entries
        where tenant_id = :tenant_id::uuid and added_at >= dnc.hour + interval '1 hour'
    )
    from dnc
    where dnc.hour is not null
),
touched_hours as (
    insert into changed_hours (tenant_id, source, hour)
    select started.tenant_id, found.source, found.hour
    from started
    cross join (
        select 'calls' as source, hour from calls
        union all
        select 'states', hour from states
        union all
        select 'dnc', hour from dnc
    ) as found
    where found.hour is not null
)
select tenant_id from started
