-- ondemand.release_report
-- An attempt ends without a file: another may begin after a pause, or, where an error is given, none. The pause is shorter than
-- Lambda's before it delivers an event again. Somebody else's report is left alone.
-- Parameters: report_id, token, error.
-- Index: on_demand_reports_pkey.
update on_demand_reports
set lease_until = case when :error::text is null then now() + interval '50 seconds' end,
    status = case when :error::text is null then status else 'failed' end,
    completed_at = case when :error::text is null then completed_at else now() end,
    error = :error::text,
    upload_id = null
where id = :report_id::text and lease_token = :token::uuid and started_by is null and status = 'generating'
