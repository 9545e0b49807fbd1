-- reports.sum_compliance_checks
-- Returns one row per rule and severity that was checked in the window, by name, with its checks and violations.
-- Parameters: tenant_id, from, to; campaign_id, agent_id (NULL: all); after_rule, after_severity (NULL: the first page),
-- page_size.
-- Index: compliance_checks_by_time.
with counted as (
    select rule, severity, count(*) as checks, count(*) filter (where not passed) as violations
    from compliance_checks
    where tenant_id = :tenant_id::uuid
        and checked_at >= instant(:from::text)
        and checked_at < instant(:to::text)
        and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
        and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
    group by rule, severity
)
select rule, severity, checks, violations
from counted
where :after_rule::text is null
    or (rule collate "C", severity collate "C") > (:after_rule::text collate "C", :after_severity::text collate "C")
order by rule collate "C", severity collate "C"
limit :page_size::bigint
