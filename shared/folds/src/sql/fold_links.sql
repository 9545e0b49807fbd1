-- folds.fold_links
-- Folds leads that were touched before `leads_to`, and those of the hours from there up to `upto`: for each campaign, and for the
-- tenant, distinct leads by hour and the links from each hour of a lead to its next one.
-- Parameters: tenant_id, upto.
-- Indexes: attempt_changes_by_hour, dial_attempts_by_time, dial_attempts_by_lead (index-only), folded_leads_by_time,
-- folded_links_by_time.
with fold as materialized (
    select leads_to from folds where tenant_id = :tenant_id::uuid
),
-- First, leads that were touched in hours that are folded.
net as materialized (
    -- Attempts of a lead in an hour that came since less those that went.
    select change.campaign_id, entry.lead_id, change.hour, sum(entry.sign) as net
    from fold
    join attempt_changes as change on change.tenant_id = :tenant_id::uuid and change.hour < fold.leads_to and change.leads > 0
    cross join lateral (
        select unnest(change.added) as lead_id, 1 as sign
        union all
        select unnest(change.removed), -1
    ) as entry
    group by change.campaign_id, entry.lead_id, change.hour
),
reach as materialized (
    select lead_id, min(hour) as first, max(hour) as last from net group by lead_id
),
now as (
    -- What these leads have between their first and last touched hour.
    select reach.lead_id, attempt.campaign_id, hour_of(attempt.attempted_at) as hour, count(*) as now
    from reach
    cross join lateral (
        select other.campaign_id, other.attempted_at
        from dial_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.lead_id = reach.lead_id
            and other.attempted_at >= reach.first and other.attempted_at < reach.last + interval '1 hour'
        offset 0
    ) as attempt
    group by 1, 2, 3
),
state as materialized (
    select
        lead_id,
        campaign_id,
        hour,
        coalesce(now.now, 0) as now,
        coalesce(now.now, 0) - coalesce(net.net, 0) as folded
    from now
    full join net using (lead_id, campaign_id, hour)
),
scoped as materialized (
    -- Of the tenant where campaign_id is null.
    select campaign_id, lead_id, hour, now > 0 as has, folded > 0 as had
    from state
    union all
    select null, lead_id, hour, sum(now) > 0, sum(folded) > 0
    from state
    group by lead_id, hour
),
chain as (
    select campaign_id, lead_id, hour, has, had from scoped
    union all
    -- The hour before and the one behind, which nothing touched.
    select path.campaign_id, path.lead_id, hour_of(previous.attempted_at), true, true
    from (select distinct campaign_id, lead_id from scoped) as path
    join reach using (lead_id)
    cross join lateral (
        select attempt.attempted_at
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = path.lead_id and attempt.attempted_at < reach.first
            and (path.campaign_id is null or attempt.campaign_id = path.campaign_id)
        order by attempt.attempted_at desc
        limit 1
    ) as previous
    union all
    select path.campaign_id, path.lead_id, hour_of(following.attempted_at), true, true
    from (select distinct campaign_id, lead_id from scoped) as path
    join reach using (lead_id)
    cross join fold
    cross join lateral (
        select attempt.attempted_at
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = path.lead_id
            and attempt.attempted_at >= reach.last + interval '1 hour' and attempt.attempted_at < fold.leads_to
            and (path.campaign_id is null or attempt.campaign_id = path.campaign_id)
        order by attempt.attempted_at
        limit 1
    ) as following
),
link as (
    select campaign_id, hour, lag(hour) over (partition by campaign_id, lead_id order by hour) as from_hour, 1 as sign
    from chain
    where has
    union all
    select campaign_id, hour, lag(hour) over (partition by campaign_id, lead_id order by hour), -1
    from chain
    where had
),
-- Then, hours that are folded for the first time. Whatever came before them is folded.
fresh as materialized (
    -- By lead, so that looking for what came before walks through the index.
    select attempt.lead_id, attempt.campaign_id, hour_of(attempt.attempted_at) as hour
    from dial_attempts as attempt
    where attempt.tenant_id = :tenant_id::uuid
        and attempt.attempted_at >= (select leads_to from fold) and attempt.attempted_at < instant(:upto::text)
    group by 1, 2, 3
    order by 1, 2, 3
),
followed as materialized (
    select fresh.campaign_id, fresh.lead_id, fresh.hour, before.campaign_id as from_campaign_id, hour_of(before.attempted_at) as from_hour
    from fresh
    left join lateral (
        select attempt.campaign_id, attempt.attempted_at
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = fresh.lead_id and attempt.attempted_at < fresh.hour
        order by attempt.attempted_at desc
        limit 1
    ) as before on true
),
more_links as materialized (
    select campaign_id, hour, from_hour, sum(links) as links
    from (
        select campaign_id, hour, from_hour, sign as links from link
        union all
        select campaign_id, hour, from_hour, count(*)
        from followed
        where from_campaign_id = campaign_id
        group by campaign_id, hour, from_hour
        union all
        select followed.campaign_id, followed.hour, hour_of(before.attempted_at), 1
        from followed
        cross join lateral (
            select attempt.attempted_at
            from dial_attempts as attempt
            where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = followed.lead_id
                and attempt.campaign_id = followed.campaign_id and attempt.attempted_at < followed.hour
            order by attempt.attempted_at desc
            limit 1
        ) as before
        where followed.from_campaign_id <> followed.campaign_id
        union all
        select null, hour, from_hour, 1
        from (select distinct lead_id, hour, from_hour from followed) as of_tenant
    ) as part
    where from_hour is not null
    group by campaign_id, hour, from_hour
    having sum(links) <> 0
),
more_leads as materialized (
    select campaign_id, hour, sum(leads) as leads
    from (
        select campaign_id, hour, has::integer - had::integer as leads from scoped
        union all
        select campaign_id, hour, count(*) from fresh group by campaign_id, hour
        union all
        select null, hour, 1 from (select distinct lead_id, hour from fresh) as of_tenant
    ) as part
    group by campaign_id, hour
    having sum(leads) <> 0
),
-- Leads: the rows of an hour and its day are written anew.
lead_key as materialized (
    select distinct 'hour' as span, hour as starts_at from more_leads
    union
    select 'day', day_of(hour) from more_leads
),
old_leads as (
    delete from folded_leads as folded
    using lead_key as key
    where folded.tenant_id = :tenant_id::uuid and folded.span = key.span and folded.starts_at = key.starts_at
    returning folded.span, folded.starts_at, folded.campaign_id, folded.leads
),
new_leads as (
    insert into folded_leads (tenant_id, span, starts_at, campaign_id, leads)
    select :tenant_id::uuid, span, starts_at, campaign_id, sum(leads)
    from (
        select span, starts_at, campaign_id, leads from old_leads
        union all
        select 'hour', hour, campaign_id, leads from more_leads
        union all
        select 'day', day_of(hour), campaign_id, leads from more_leads
    ) as part
    group by span, starts_at, campaign_id
    having sum(leads) <> 0
),
-- Links: in the same way.
more_cells as materialized (
    select 'hour' as span, hour as starts_at, day_of(from_hour) as from_day, campaign_id, from_hour, links from more_links
    union all
    select 'day', day_of(hour), day_of(from_hour), campaign_id, from_hour, sum(links)
    from more_links
    group by 2, 3, 4, 5
),
link_key as materialized (
    select distinct span, starts_at, from_day from more_cells
),
old_links as (
    delete from folded_links as folded
    using link_key as key
    where folded.tenant_id = :tenant_id::uuid and folded.span = key.span and folded.starts_at = key.starts_at
        and folded.from_day = key.from_day
    returning folded.span, folded.starts_at, folded.from_day, folded.campaign_id, folded.from_hours
),
link_part as (
    select old.span, old.starts_at, old.from_day, old.campaign_id, entry.place - 1 as from_hour, entry.links::bigint
    from old_links as old
    cross join unnest(old.from_hours) with ordinality as entry (links, place)
    where entry.links <> 0
    union all
    select span, starts_at, from_day, campaign_id, extract(hour from from_hour at time zone 'UTC')::bigint, links from more_cells
)
insert into folded_links (tenant_id, span, starts_at, from_day, campaign_id, links, from_hours)
select
    :tenant_id::uuid,
    span,
    starts_at,
    from_day,
    campaign_id,
    sum(links),
    array[
        sum(links) filter (where from_hour = 0), sum(links) filter (where from_hour = 1),
        sum(links) filter (where from_hour = 2), sum(links) filter (where from_hour = 3),
        sum(links) filter (where from_hour = 4), sum(links) filter (where from_hour = 5),
        sum(links) filter (where from_hour = 6), sum(links) filter (where from_hour = 7),
        sum(links) filter (where from_hour = 8), sum(links) filter (where from_hour = 9),
        sum(links) filter (where from_hour = 10), sum(links) filter (where from_hour = 11),
        sum(links) filter (where from_hour = 12), sum(links) filter (where from_hour = 13),
        sum(links) filter (where from_hour = 14), sum(links) filter (where from_hour = 15),
        sum(links) filter (where from_hour = 16), sum(links) filter (where from_hour = 17),
        sum(links) filter (where from_hour = 18), sum(links) filter (where from_hour = 19),
        sum(links) filter (where from_hour = 20), sum(links) filter (where from_hour = 21),
        sum(links) filter (where from_hour = 22), sum(links) filter (where from_hour = 23)
    ]::integer[]
from link_part
group by span, starts_at, from_day, campaign_id
having sum(links) <> 0
