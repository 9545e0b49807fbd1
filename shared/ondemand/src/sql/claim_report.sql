-- ondemand.claim_report
-- Takes a report that nobody works on, for as long as the attempt can live.
update on_demand_reports
set lease_token = :token::uuid,
    lease_until = now() + make_interval(secs => :lease_secs::bigint),
    attempts = attempts + case when lease_token is distinct from :token::uuid then 1 else 0 end
where id = :report_id::text
    and status = 'generating'
    and (lease_until is null or lease_until <= now() or lease_token = :token::uuid)
returning tenant_id, subject_tenant_id, type, format, from_at, to_at, filters, byte_order_mark, attempts
