-- ondemand.order_report
-- A report for this request, with the schedule that it carries, or the one that the same request got before, unless that has
-- expired or, if it is to be, failed. Also returns what the first of them asked for. Repeating it with the same ids changes nothing.
-- Two at once are made one after the other by the key's row.
-- What has expired of the same user is forgotten on the way, but what another order has in hand.
-- Parameters: tenant_id, user_id, request_key, content_hash, keep_secs, replace_failed; report_id, subject_tenant_id, type, format,
-- section, from, to, timezone, previous_from, filters, byte_order_mark; schedule_id (NULL: none), cadence, day_of_week, day_of_month,
-- local_time, schedule_timezone, next_run_at, recipients (JSON: [{address, key}]), recipients_as_list.
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
),
request as (
    insert into report_requests as known (tenant_id, user_id, request_key, report_id, content_hash, expires_at)
    values (:tenant_id::uuid, :user_id::text, :request_key::text, :report_id::text, :content_hash::text,
        now() + make_interval(secs => :keep_secs::bigint))
    on conflict (tenant_id, user_id, request_key) do update
    set (report_id, content_hash, expires_at) = (
        select
            case when is_over then excluded.report_id else known.report_id end,
            case when is_over then excluded.content_hash else known.content_hash end,
            case when is_over then excluded.expires_at else known.expires_at end
        from (
            select known.expires_at <= now() or :replace_failed::boolean and exists (
                select
                from on_demand_reports
                where id = known.report_id and status = 'failed'
            ) as is_over
        ) as before
    )
    returning report_id, content_hash
),
made as (
    insert into on_demand_reports (id, tenant_id, user_id, subject_tenant_id, type, format, section, from_at, to_at, timezone,
        previous_from_at, filters, byte_order_mark)
    select report_id, :tenant_id::uuid, :user_id::text, :subject_tenant_id::uuid, :type::text, :format::text, :section::text,
        instant(:from::text), instant(:to::text), :timezone::text, instant(:previous_from::text), :filters::jsonb,
        :byte_order_mark::boolean
    from request
    where report_id = :report_id::text
    on conflict (id) do nothing
),
scheduled as (
    insert into report_schedules (tenant_id, id, report, report_id, cadence, day_of_week, day_of_month, local_time, timezone,
        by_hour_utc, enabled, next_run_at, recipients_as_list)
    select :tenant_id::uuid, :schedule_id::uuid, :type::text, report_id, :cadence::text, :day_of_week::bigint,
        :day_of_month::bigint, :local_time::time, :schedule_timezone::text, false, true, instant(:next_run_at::text),
        :recipients_as_list::boolean
    from request
    where report_id = :report_id::text and :schedule_id::uuid is not null
    on conflict (id) do nothing
),
people as (
    insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
    select :tenant_id::uuid, :schedule_id::uuid, person.value ->> 'address', person.value ->> 'key', person.ordinality
    from request
    cross join jsonb_array_elements(:recipients::jsonb) with ordinality as person
    where report_id = :report_id::text and :schedule_id::uuid is not null
    on conflict do nothing
)
select report_id, content_hash
from request
