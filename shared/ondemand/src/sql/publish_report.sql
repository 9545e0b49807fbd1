-- ondemand.publish_report
-- The attempt's file becomes the report's, if the attempt still holds the lease. The second time it says the same.
update on_demand_reports
set status = 'completed', completed_at = coalesce(completed_at, now()), file_key = :file_key::text,
    file_bytes = :file_bytes::bigint, lease_until = null
where id = :report_id::text
    and lease_token = :token::uuid
    and (status = 'generating' or file_key = :file_key::text)
returning id
