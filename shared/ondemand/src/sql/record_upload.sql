-- ondemand.record_upload
-- Remembers the multipart upload that the holder of the lease has begun, so that whoever follows it can end that, and returns the
-- report's id; no row where the lease was lost.
-- Parameters: report_id, token, upload_id.
-- Index: on_demand_reports_pkey.
update on_demand_reports
set upload_id = :upload_id::text
where id = :report_id::text
    and lease_token = :token::uuid
    and started_by is null
    and status = 'generating'
returning id
