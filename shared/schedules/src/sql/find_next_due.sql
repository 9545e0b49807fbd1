-- schedules.find_next_due
-- Returns the earliest instant at which there may be something to do, and none where nothing is planned.
-- Parameters: none.
-- Indexes: report_schedules_due, report_runs_available, on_demand_reports_generating, report_runs_waiting.
select least(
    (select min(next_run_at) from report_schedules where enabled and deleted_at is null),
    (select min(available_at) from report_runs where status = 'open'),
    (select min(lease_until) from on_demand_reports where status = 'generating'),
    -- Nobody has said yet to those who wait for it that it failed.
    (
        select min(report.completed_at)
        from report_runs as run
        join on_demand_reports as report on report.id = run.report_id
        where run.status = 'waiting' and report.status = 'failed'
    )
) as next_due
