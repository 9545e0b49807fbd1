-- schedules.finish_runs
-- Ends a lease: runs with nothing left to send are closed, the others are anybody's when their pause is over. One whose send was
-- not settled keeps its lease, at whose end it is taken over. One that is named as stuck counts as broken off, and its pause is
-- twice as long each time, from a minute on. With a pause, what was not even tried waits like what was refused, and is given up
-- with it.
-- Parameters: lease_token, pause_secs, stuck (JSON: [run id]); now (NULL: the database's clock).
-- Indexes: report_runs_by_lease, report_deliveries_run_id_recipient_key.
with clock as materialized (
    select coalesce(instant(:now::text), now()) as now
),
held as materialized (
    select id
    from report_runs
    where lease_token = :lease_token::uuid and status = 'open'
    for update
),
state as (
    select held.id,
        count(*) filter (where delivery.status = 'sending') > 0 as is_sending,
        count(*) filter (where delivery.status = 'pending') > 0 as is_owed,
        held.id::text in (select jsonb_array_elements_text(:stuck::jsonb)) as is_stuck,
        min(coalesce(delivery.retry_at, clock.now)) filter (where delivery.status = 'pending') as retry_at
    from held
    cross join clock
    left join report_deliveries as delivery on delivery.run_id = held.id
    group by held.id
),
resting as (
    update report_deliveries as delivery
    set retry_at = clock.now + make_interval(secs => :pause_secs::bigint)
    from held
    cross join clock
    where delivery.run_id = held.id
        and delivery.status = 'pending'
        and delivery.retry_at is null
        and :pause_secs::bigint > 0
)
update report_runs as run
set lease_token = null,
    status = case when state.is_owed then 'open' else 'closed' end,
    closed_at = case when not state.is_owed then clock.now end,
    takeovers = run.takeovers + case when state.is_stuck then 1 else 0 end,
    available_at = greatest(
        coalesce(state.retry_at, clock.now),
        clock.now + make_interval(secs => :pause_secs::bigint),
        case when state.is_stuck then clock.now + interval '1 minute' * power(2, least(run.takeovers, 10)) end
    )
from state
cross join clock
where run.id = state.id and not state.is_sending
