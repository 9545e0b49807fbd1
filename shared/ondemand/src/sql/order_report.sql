-- ondemand.order_report
-- A report for this request, or the one that the same request got before, unless that has expired or failed. Repeating it
-- with the same id changes nothing. Two at once are made one after the other by the key's row.
-- What has expired of the same user is forgotten on the way, but what another order has in hand.
with forgotten as (
    delete from report_requests
    where tenant_id = :tenant_id::uuid
        and user_id = :user_id::text
        and request_key in (
            select request_key
            from report_requests
            where tenant_id = :tenant_id::uuid
                and user_id = :user_id::text
                and request_key <> :request_key::text
                and expires_at <= now()
            for update skip locked
        )
), request as (
    insert into report_requests as known (tenant_id, user_id, request_key, report_id, expires_at)
    values (:tenant_id::uuid, :user_id::text, :request_key::text, :report_id::text,
        now() + make_interval(secs => :keep_secs::bigint))
    on conflict (tenant_id, user_id, request_key) do update
    set (report_id, expires_at) = (
        select
            case when known.expires_at <= now() or report.status = 'failed' then excluded.report_id else known.report_id end,
            case when known.expires_at <= now() or report.status = 'failed' then excluded.expires_at else known.expires_at end
        from (select) as one
        left join on_demand_reports as report on report.id = known.report_id
    )
    returning report_id
), made as (
    insert into on_demand_reports
        (id, tenant_id, user_id, subject_tenant_id, type, format, from_at, to_at, filters, byte_order_mark)
    select :report_id::text, :tenant_id::uuid, :user_id::text, :subject_tenant_id::uuid, :type::text, :format::text,
        instant(:from::text), instant(:to::text), :filters::jsonb, :byte_order_mark::boolean
    from request
    where report_id = :report_id::text
    on conflict (id) do nothing
)
select report_id from request
