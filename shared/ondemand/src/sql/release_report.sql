-- ondemand.release_report
-- An attempt ends without a file: another may begin at once, or, where an error is given, none.
update on_demand_reports
set lease_until = null,
    status = case when :error::text is null then status else 'failed' end,
    completed_at = case when :error::text is null then completed_at else now() end,
    error = :error::text
where id = :report_id::text and lease_token = :token::uuid and status = 'generating'
