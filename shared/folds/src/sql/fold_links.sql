-- folds.fold_links
-- Folds leads that were touched before `leads_to`, and those of the slots from there up to `upto`: for each campaign, and for the
-- tenant, distinct leads by slot and the links from each slot of a lead to its next one.
-- Parameters: tenant_id, upto.
-- Indexes: attempt_changes_by_slot, dial_attempts_by_time, dial_attempts_by_lead (index-only), folded_leads_by_time,
-- folded_links_by_time.
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
    select campaign_id, slot, from_slot, sum(links) as links
    from (
        select campaign_id, slot, from_slot, sign as links from link
        union all
        select campaign_id, slot, from_slot, count(*)
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
-- Leads: the rows of a slot and its day are written anew.
lead_key as materialized (
    select distinct 'slot' as span, slot as starts_at from more_leads
    union
    select 'day', day_of(slot) from more_leads
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
        select 'slot', slot, campaign_id, leads from more_leads
        union all
        select 'day', day_of(slot), campaign_id, leads from more_leads
    ) as part
    group by span, starts_at, campaign_id
    having sum(leads) <> 0
),
-- Links: in the same way.
more_cells as materialized (
    select 'slot' as span, slot as starts_at, day_of(from_slot) as from_day, campaign_id, from_slot, links from more_links
    union all
    select 'day', day_of(slot), day_of(from_slot), campaign_id, from_slot, sum(links)
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
    returning folded.span, folded.starts_at, folded.from_day, folded.campaign_id, folded.from_slots
),
link_part as (
    select old.span, old.starts_at, old.from_day, old.campaign_id, entry.place - 1 as from_slot, entry.links::bigint
    from old_links as old
    cross join unnest(old.from_slots) with ordinality as entry (links, place)
    where entry.links <> 0
    union all
    select span, starts_at, from_day, campaign_id, (extract(epoch from from_slot - day_of(from_slot)) / 1800)::bigint, links
    from more_cells
)
insert into folded_links (tenant_id, span, starts_at, from_day, campaign_id, links, from_slots)
select
    :tenant_id::uuid,
    span,
    starts_at,
    from_day,
    campaign_id,
    sum(links),
    array[
        sum(links) filter (where from_slot = 0), sum(links) filter (where from_slot = 1),
        sum(links) filter (where from_slot = 2), sum(links) filter (where from_slot = 3),
        sum(links) filter (where from_slot = 4), sum(links) filter (where from_slot = 5),
        sum(links) filter (where from_slot = 6), sum(links) filter (where from_slot = 7),
        sum(links) filter (where from_slot = 8), sum(links) filter (where from_slot = 9),
        sum(links) filter (where from_slot = 10), sum(links) filter (where from_slot = 11),
        sum(links) filter (where from_slot = 12), sum(links) filter (where from_slot = 13),
        sum(links) filter (where from_slot = 14), sum(links) filter (where from_slot = 15),
        sum(links) filter (where from_slot = 16), sum(links) filter (where from_slot = 17),
        sum(links) filter (where from_slot = 18), sum(links) filter (where from_slot = 19),
        sum(links) filter (where from_slot = 20), sum(links) filter (where from_slot = 21),
        sum(links) filter (where from_slot = 22), sum(links) filter (where from_slot = 23),
        sum(links) filter (where from_slot = 24), sum(links) filter (where from_slot = 25),
        sum(links) filter (where from_slot = 26), sum(links) filter (where from_slot = 27),
        sum(links) filter (where from_slot = 28), sum(links) filter (where from_slot = 29),
        sum(links) filter (where from_slot = 30), sum(links) filter (where from_slot = 31),
        sum(links) filter (where from_slot = 32), sum(links) filter (where from_slot = 33),
        sum(links) filter (where from_slot = 34), sum(links) filter (where from_slot = 35),
        sum(links) filter (where from_slot = 36), sum(links) filter (where from_slot = 37),
        sum(links) filter (where from_slot = 38), sum(links) filter (where from_slot = 39),
        sum(links) filter (where from_slot = 40), sum(links) filter (where from_slot = 41),
        sum(links) filter (where from_slot = 42), sum(links) filter (where from_slot = 43),
        sum(links) filter (where from_slot = 44), sum(links) filter (where from_slot = 45),
        sum(links) filter (where from_slot = 46), sum(links) filter (where from_slot = 47)
    ]::integer[]
from link_part
group by span, starts_at, from_day, campaign_id
having sum(links) <> 0
