-- folds.fold_links
-- Folds leads that were touched before `leads_to`, and those of the slots from there up to `upto`: for each campaign, and for the
-- tenant, distinct leads by slot and the links from each slot of a lead to its next one.
-- Parameters: tenant_id, upto.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_time, dial_attempts_by_lead (index-only), folded_leads_by_day,
-- folded_links_by_day, folded_links_by_origin.
with fold as materialized (
    select leads_to from folds where tenant_id = :tenant_id::uuid
),
-- First, leads that were touched in slots that are folded.
net as materialized (
    -- Attempts of a lead in a slot that came since less those that went.
    select change.campaign_id, entry.lead_id, change.slot, sum(entry.sign) as net
    from fold
    join attempt_changes as change on change.tenant_id = :tenant_id::uuid and change.slot < fold.leads_to and change.leads > 0
    cross join lateral (
        select unnest(change.added) as lead_id, 1 as sign
        union all
        select unnest(change.removed), -1
    ) as entry
    group by change.campaign_id, entry.lead_id, change.slot
),
reach as materialized (
    select lead_id, min(slot) as first, max(slot) as last from net group by lead_id
),
now as (
    -- What these leads have between their first and last touched slot.
    select reach.lead_id, attempt.campaign_id, slot_of(attempt.attempted_at) as slot, count(*) as now
    from reach
    cross join lateral (
        select other.campaign_id, other.attempted_at
        from dial_attempts as other
        where other.tenant_id = :tenant_id::uuid and other.lead_id = reach.lead_id
            and other.attempted_at >= reach.first and other.attempted_at < reach.last + interval '30 minutes'
        offset 0
    ) as attempt
    group by 1, 2, 3
),
state as materialized (
    select
        lead_id,
        campaign_id,
        slot,
        coalesce(now.now, 0) as now,
        coalesce(now.now, 0) - coalesce(net.net, 0) as folded
    from now
    full join net using (lead_id, campaign_id, slot)
),
scoped as materialized (
    -- Of the tenant where campaign_id is null.
    select campaign_id, lead_id, slot, now > 0 as has, folded > 0 as had
    from state
    union all
    select null, lead_id, slot, sum(now) > 0, sum(folded) > 0
    from state
    group by lead_id, slot
),
chain as (
    select campaign_id, lead_id, slot, has, had from scoped
    union all
    -- The slot before and the one behind, which nothing touched.
    select path.campaign_id, path.lead_id, slot_of(previous.attempted_at), true, true
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
    select path.campaign_id, path.lead_id, slot_of(following.attempted_at), true, true
    from (select distinct campaign_id, lead_id from scoped) as path
    join reach using (lead_id)
    cross join fold
    cross join lateral (
        select attempt.attempted_at
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = path.lead_id
            and attempt.attempted_at >= reach.last + interval '30 minutes' and attempt.attempted_at < fold.leads_to
            and (path.campaign_id is null or attempt.campaign_id = path.campaign_id)
        order by attempt.attempted_at
        limit 1
    ) as following
),
link as (
    select campaign_id, slot, lag(slot) over (partition by campaign_id, lead_id order by slot) as from_slot, 1 as sign
    from chain
    where has
    union all
    select campaign_id, slot, lag(slot) over (partition by campaign_id, lead_id order by slot), -1
    from chain
    where had
),
-- Then, slots that are folded for the first time. Whatever came before them is folded.
fresh as materialized (
    -- By lead, so that looking for what came before walks through the index.
    select attempt.lead_id, attempt.campaign_id, slot_of(attempt.attempted_at) as slot
    from dial_attempts as attempt
    where attempt.tenant_id = :tenant_id::uuid
        and attempt.attempted_at >= (select leads_to from fold) and attempt.attempted_at < instant(:upto::text)
    group by 1, 2, 3
    order by 1, 2, 3
),
followed as materialized (
    select
        fresh.campaign_id,
        fresh.lead_id,
        fresh.slot,
        before.campaign_id as from_campaign_id,
        slot_of(before.attempted_at) as from_slot
    from fresh
    left join lateral (
        select attempt.campaign_id, attempt.attempted_at
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = fresh.lead_id and attempt.attempted_at < fresh.slot
        order by attempt.attempted_at desc
        limit 1
    ) as before on true
),
more_links as materialized (
    -- Sums of integers are the fastest: there are many of them from here on.
    select campaign_id, slot, from_slot, sum(links)::integer as links
    from (
        select campaign_id, slot, from_slot, sign as links from link
        union all
        select campaign_id, slot, from_slot, count(*)::integer
        from followed
        where from_campaign_id = campaign_id
        group by campaign_id, slot, from_slot
        union all
        select followed.campaign_id, followed.slot, slot_of(before.attempted_at), 1
        from followed
        cross join lateral (
            select attempt.attempted_at
            from dial_attempts as attempt
            where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = followed.lead_id
                and attempt.campaign_id = followed.campaign_id and attempt.attempted_at < followed.slot
            order by attempt.attempted_at desc
            limit 1
        ) as before
        where followed.from_campaign_id <> followed.campaign_id
        union all
        select null, slot, from_slot, 1
        from (select distinct lead_id, slot, from_slot from followed) as of_tenant
    ) as part
    where from_slot is not null
    group by campaign_id, slot, from_slot
    having sum(links) <> 0
),
more_leads as materialized (
    select campaign_id, slot, sum(leads) as leads
    from (
        select campaign_id, slot, has::integer - had::integer as leads from scoped
        union all
        select campaign_id, slot, count(*) from fresh group by campaign_id, slot
        union all
        select null, slot, 1 from (select distinct lead_id, slot from fresh) as of_tenant
    ) as part
    group by campaign_id, slot
    having sum(leads) <> 0
),
-- The rows of a day are written anew: leads by slot, and how old the links to them are.
more_ages as materialized (
    select day_of(slot) as day, campaign_id, days_from(day_of(from_slot), day_of(slot)) as age, sum(links)::integer as links
    from more_links
    group by 1, 2, 3
),
lead_key as materialized (
    select day_of(slot) as day from more_leads
    union
    select day from more_ages
),
old_leads as (
    delete from folded_leads as folded
    using lead_key as key
    where folded.tenant_id = :tenant_id::uuid and folded.day = key.day
    returning folded.day, folded.campaign_id, folded.leads, folded.link_ages, folded.links_since
),
aged as (
    select day, campaign_id, age, sum(links)::integer as links
    from (
        select old.day, old.campaign_id, old.link_ages[at] as age, old.links_since[at] - coalesce(old.links_since[at - 1], 0) as links
        from old_leads as old
        cross join generate_subscripts(old.link_ages, 1) as at
        union all
        select day, campaign_id, age, links from more_ages
    ) as part
    group by day, campaign_id, age
    having sum(links) <> 0
),
new_leads as (
    insert into folded_leads (tenant_id, day, campaign_id, leads, link_ages, links_since)
    select
        :tenant_id::uuid,
        day,
        campaign_id,
        (running_sums(place, 48, leads::bigint) filter (where place is not null))::integer[],
        coalesce(array_agg(age order by age) filter (where age is not null), '{}'),
        coalesce(array_agg(links::integer order by age) filter (where age is not null), '{}')
    from (
        select old.day, old.campaign_id, place, sum_of(old.leads, place, place + 1) as leads, null::integer as age, null::bigint as links
        from old_leads as old
        cross join generate_series(0, 47) as place
        union all
        select day_of(slot), campaign_id, place_of(slot, 48), leads, null, null from more_leads
        union all
        select day, campaign_id, null, null, age, sum(links) over (partition by day, campaign_id order by age) from aged
    ) as part
    group by day, campaign_id
    having sum(leads) <> 0
),
-- Links by the slots that they lead to and come from: in the same way.
more_pairs as materialized (
    select day_of(from_slot) as from_day, day_of(slot) as day, campaign_id, 48 * place_of(slot, 48) + place_of(from_slot, 48) as pair, links
    from more_links
),
link_key as materialized (
    select distinct from_day, day from more_pairs
),
old_links as (
    delete from folded_links as folded
    using link_key as key
    where folded.tenant_id = :tenant_id::uuid and folded.from_day = key.from_day and folded.day = key.day
    returning folded.from_day, folded.day, folded.campaign_id, folded.pairs, folded.pair_links
),
paired as materialized (
    select from_day, day, campaign_id, pair, sum(links)::integer as links
    from (
        select old.from_day, old.day, old.campaign_id, link.pair, link.links
        from old_links as old
        cross join unnest(old.pairs, old.pair_links) as link (pair, links)
        union all
        select from_day, day, campaign_id, pair, links from more_pairs
    ) as part
    group by from_day, day, campaign_id, pair
    having sum(links) <> 0
)
insert into folded_links (tenant_id, from_day, day, campaign_id, pairs, pair_links, from_places, from_links, places, links)
select
    :tenant_id::uuid,
    from_day,
    day,
    campaign_id,
    array_agg(pair order by pair) filter (where pair is not null),
    array_agg(links order by pair) filter (where pair is not null),
    array_agg(from_place order by from_place) filter (where from_place is not null),
    array_agg(links order by from_place) filter (where from_place is not null),
    array_agg(place order by place) filter (where place is not null),
    array_agg(links order by place) filter (where place is not null)
from (
    select from_day, day, campaign_id, pair, null::integer as from_place, null::integer as place, links from paired
    union all
    select from_day, day, campaign_id, null, pair % 48, null, sum(sum(links)) over (
        partition by from_day, day, campaign_id order by pair % 48
    )::integer
    from paired
    group by from_day, day, campaign_id, pair % 48
    union all
    select from_day, day, campaign_id, null, null, pair / 48, sum(sum(links)) over (
        partition by from_day, day, campaign_id order by pair / 48
    )::integer
    from paired
    group by from_day, day, campaign_id, pair / 48
) as part
group by from_day, day, campaign_id
