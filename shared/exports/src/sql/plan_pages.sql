-- exports.plan_pages
-- The keys at which the next calls are cut into pages of the same number of rows, so that these can be read side by side.
-- Indexes: cdrs_by_time, cdrs_by_campaign or cdrs_by_agent, index-only but for a direction.
select started_at, id
from (
    select started_at, id, row_number() over (order by started_at, id) as number
    from (
        select started_at, id
        from cdrs
        where tenant_id = :tenant_id::uuid
            and started_at >= instant(:from::text) and started_at < instant(:to::text)
            and (:campaign_id::uuid is null or campaign_id = :campaign_id::uuid)
            and (:agent_id::uuid is null or agent_id = :agent_id::uuid)
            and (:direction::text is null or direction = :direction::text)
            and (:after_at::text is null or (started_at, id) > (instant(:after_at::text), :after_id::uuid))
        order by started_at, id
        limit :chunk_rows::bigint
    ) as chunk
) as numbered
where number % :page_rows::bigint = 0
order by started_at, id
