-- ondemand.take_over_reports
-- Returns reports that are to be started: those whose invocation never began in time, and those whose holder is dead. Whatever has had
-- all attempts has failed, which is said of it, and so have the messages that waited for it. Each start has longer to begin than the one before, so that
-- minutes in which nothing can be started fail nothing. Repeated with the same token it returns the same.
-- Parameters: token, page_size, max_attempts; now (NULL: the database's clock).
-- Indexes: on_demand_reports_generating, report_runs_waiting, schedule_recipients_schedule_id_address_key_key.
with clock as materialized (
    select coalesce(instant(:now::text), now()) as now
),
overdue as materialized (
    select id,
        -- What nobody has begun with since it was started counts as well.
        attempts + case when lease_token is null or started_by is not null then 1 else 0 end as attempts,
        lease_token is null or started_by is not null as is_unbegun
    from on_demand_reports
    where status = 'generating' and lease_until <= coalesce(instant(:now::text), now())
    order by lease_until, id
    limit :page_size::bigint
    for update skip locked
),
gone_on as (
    update on_demand_reports as report
    set attempts = overdue.attempts,
        started_by = :token::uuid,
        lease_until = case when overdue.attempts < :max_attempts::bigint then clock.now + interval '1 minute' * (1 + 7 * overdue.attempts) end,
        status = case when overdue.attempts < :max_attempts::bigint then 'generating' else 'failed' end,
        completed_at = case when overdue.attempts >= :max_attempts::bigint then clock.now end,
        error = case when overdue.attempts >= :max_attempts::bigint
            then case when overdue.is_unbegun then 'It could not be started. Try again later.'
                else 'It could not be made: several attempts broke off. Try a shorter window or a narrower filter.' end
        end
    from overdue
    cross join clock
    where report.id = overdue.id
    returning report.id, report.status, report.error
),
failed as (
    select id, error from gone_on where status = 'failed'
    union
    -- And those that failed by themselves since.
    select report.id, report.error
    from report_runs as run
    join on_demand_reports as report on report.id = run.report_id
    where run.status = 'waiting' and report.status = 'failed'
),
ended as (
    update report_runs as run
    set status = 'closed', closed_at = clock.now
    from failed
    cross join clock
    where run.report_id = failed.id and run.status = 'waiting'
    returning run.tenant_id, run.id, run.schedule_id, failed.error
),
not_sent as (
    insert into report_deliveries (tenant_id, run_id, schedule_id, recipient_id, recipient, status, error, created_at, updated_at)
    select ended.tenant_id, ended.id, ended.schedule_id, person.id, person.address, 'failed', 'The report failed. ' || ended.error,
        clock.now, clock.now
    from ended
    cross join clock
    join schedule_recipients as person on person.schedule_id = ended.schedule_id
    where person.listed and person.unsubscribed_at is null
    on conflict do nothing
)
select id, status = 'failed' as is_failed from gone_on
union
select id, false as is_failed from on_demand_reports where status = 'generating' and started_by = :token::uuid
