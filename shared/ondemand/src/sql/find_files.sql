-- ondemand.find_files
-- Completed reports by their ids, with what their mail says.
-- Parameters: report_ids (JSON: [id]).
-- Index: on_demand_reports_pkey.
select id, type, format, section, from_at, to_at, timezone, previous_from_at, filters, completed_at, file_key, file_bytes, summary
from on_demand_reports
where id in (select jsonb_array_elements_text(:report_ids::jsonb)) and status = 'completed'
