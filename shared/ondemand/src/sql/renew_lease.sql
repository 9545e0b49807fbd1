-- ondemand.renew_lease
-- Makes the lease of the token longer, from now on, and returns the report's id; no row where it was lost.
-- Parameters: report_id, token, lease_secs.
-- Index: on_demand_reports_pkey.
update on_demand_reports
set lease_until = now() + make_interval(secs => :lease_secs::bigint)
where id = :report_id::text
    and lease_token = :token::uuid
    and started_by is null
    and status = 'generating'
returning id
