-- schedules.take_over_runs
-- Takes runs that are open and nobody's, or whose holder is dead, and returns them under the lease of the token. What the dead one
-- was sending is unknown from then on and is never sent again. What cannot be sent any more has failed: after too many attempts in a
-- row that broke off before anything was sent and no less than an hour, so that a storm of crashes fails nothing; or where it was put
-- off for a day or until the next occurrence.
-- A run that two attempts in a row have broken off is taken alone: the others are not to be blamed for it.
-- Repeated with the same token it returns what that token holds, and takes no more than fits.
-- Parameters: lease_token, lease_secs, page_size, most_takeovers; now (NULL: the database's clock).
-- Indexes: report_runs_available, report_deliveries_run_id_recipient_key, report_runs_by_lease.
with clock as materialized (
    select coalesce(instant(:now::text), now()) as now
),
innocent as materialized (
    -- Of a batch whose holder died, each run may be the reason. Those of which that is not yet likely come first, together.
    select exists (
        select
        from report_runs
        where status = 'open' and available_at <= coalesce(instant(:now::text), now()) and takeovers < 2
    ) as is_left
),
free as materialized (
    select id, schedule_id, scheduled_for, created_at, lease_token, takeovers, owed_at_takeover
    from report_runs
    where status = 'open'
        and available_at <= coalesce(instant(:now::text), now())
        and (takeovers < 2 or not (select is_left from innocent))
    order by available_at, id
    limit (
        select greatest(0, case when is_left then :page_size::bigint else 1 end - (
            select count(*) from report_runs where lease_token = :lease_token::uuid
        ))
        from innocent
    )
    for update skip locked
),
lost as materialized (
    select free.id, free.schedule_id, free.scheduled_for, free.created_at, owed.messages as owed,
        case
            when free.lease_token is null then free.takeovers
            when owed.messages < free.owed_at_takeover then 1
            else free.takeovers + 1
        end as takeovers,
        free.created_at <= clock.now - interval '1 hour' as is_old
    from free
    cross join clock
    cross join lateral (
        select count(*) as messages
        from report_deliveries
        where run_id = free.id and status = 'pending'
    ) as owed
),
taken as (
    update report_runs as run
    set lease_token = :lease_token::uuid,
        available_at = clock.now + make_interval(secs => :lease_secs::bigint),
        takeovers = lost.takeovers,
        owed_at_takeover = lost.owed
    from lost
    cross join clock
    where run.id = lost.id
    returning run.*
),
hopeless as materialized (
    select delivery.id,
        case
            when lost.is_old and lost.takeovers > :most_takeovers::bigint then 'Several attempts in a row broke off: the report could not be computed, or the sender was lost.'
            else coalesce(delivery.error, 'It could not be sent in time.')
        end as error
    from lost
    cross join clock
    join report_deliveries as delivery on delivery.run_id = lost.id and delivery.status = 'pending'
    where lost.is_old and lost.takeovers > :most_takeovers::bigint
        or delivery.retry_at is not null
            and (lost.created_at <= clock.now - interval '24 hours'
                or exists (
                    select
                    from report_runs as later
                    where later.schedule_id = lost.schedule_id
                        and later.kind = 'regular'
                        and later.scheduled_for > lost.scheduled_for
                ))
),
ended as (
    update report_deliveries as delivery
    set status = case when delivery.status = 'sending' then 'unknown' else 'failed' end,
        error = case delivery.status
            when 'sending' then 'The sender was lost while it sent this. It may have arrived; it is not sent again.'
            else hopeless.error
        end,
        updated_at = clock.now
    from lost
    cross join clock
    join report_deliveries as ending on ending.run_id = lost.id
    left join hopeless on hopeless.id = ending.id
    where delivery.id = ending.id and (delivery.status = 'sending' or hopeless.id is not null and delivery.status = 'pending')
    returning delivery.run_id, delivery.status
),
held as (
    select * from taken
    union all
    select * from report_runs where lease_token = :lease_token::uuid
),
pending as (
    select delivery.id, delivery.run_id, delivery.recipient_id, delivery.recipient
    from report_deliveries as delivery
    join held on held.id = delivery.run_id
    where delivery.status = 'pending' and not exists (select from hopeless where hopeless.id = delivery.id)
)
select
    held.id,
    held.tenant_id,
    tenant.name as tenant,
    held.report,
    held.report_id,
    false as is_waiting,
    held.timezone,
    held.from_at,
    held.to_at,
    held.previous_from_at,
    held.rhythm,
    (select count(*) from ended where ended.run_id = held.id and ended.status = 'failed') as failed,
    (select count(*) from ended where ended.run_id = held.id and ended.status = 'unknown') as unknown,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', pending.id, 'recipient_id', pending.recipient_id, 'recipient', pending.recipient)), '[]')
        from pending
        where pending.run_id = held.id
    ) as deliveries
from held
join tenants as tenant on tenant.id = held.tenant_id
