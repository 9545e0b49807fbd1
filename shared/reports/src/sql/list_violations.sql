-- reports.list_violations
-- Returns checks of the window that failed, in the order of their instants, then of their ids: as many as have room in one
-- answer of the Data API, the first of them in any case.
-- Parameters: tenant_id, from, to; campaign_id, agent_id (NULL: all); after_at, after_id (NULL: the first page), page_size.
-- Index: compliance_checks_violations.
select check_id, call_id, agent, campaign, rule, severity, detail, checked_at
from (
    -- In a text a quote or a backslash takes up to four bytes of an answer. The rest of a row is less than 300.
    select
        *,
        sum(300 + 4 * octet_length(concat(agent, campaign, rule, detail))) over (order by checked_at, check_id) as bytes,
        row_number() over (order by checked_at, check_id) as number
    from (
        select
            violation.id as check_id,
            violation.call_id,
            agents.name as agent,
            campaigns.name as campaign,
            violation.rule,
            violation.severity,
            violation.detail,
            violation.checked_at
        from compliance_checks as violation
        left join agents on agents.tenant_id = violation.tenant_id and agents.id = violation.agent_id
        left join campaigns on campaigns.tenant_id = violation.tenant_id and campaigns.id = violation.campaign_id
        where violation.tenant_id = :tenant_id::uuid
            and not violation.passed
            and violation.checked_at >= instant(:from::text)
            and violation.checked_at < instant(:to::text)
            and (:campaign_id::uuid is null or violation.campaign_id = :campaign_id::uuid)
            and (:agent_id::uuid is null or violation.agent_id = :agent_id::uuid)
            and (:after_at::text is null or (violation.checked_at, violation.id) > (instant(:after_at::text), :after_id::uuid))
        order by violation.checked_at, violation.id
        limit :page_size::bigint
    ) as page
) as measured
where bytes <= 1000000 or number = 1
order by checked_at, check_id
