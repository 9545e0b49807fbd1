-- schedules.find_next_due
-- Returns the earliest instant at which there may be something to do, and none where nothing is planned.
-- Parameters: none.
-- Indexes: report_schedules_due, report_runs_available, on_demand_reports_generating.
select least(
    (select min(next_run_at) from report_schedules where enabled and deleted_at is null),
    (select min(available_at) from report_runs where status = 'open'),
    (select min(lease_until) from on_demand_reports where status = 'generating')
) as next_due
