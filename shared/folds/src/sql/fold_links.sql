-- folds.fold_links
-- Folds leads that were touched before `leads_to`, and those of the slots from there up to `upto`: for each campaign, and for the
-- tenant, distinct leads by slot and the links from each slot of a lead to its next one. What is folded for the first time is touched
-- afterwards.
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
            and other.attempted_at >= reach.first and other.attempted_at < reach.last + slot_length()
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
            and attempt.attempted_at >= reach.last + slot_length() and attempt.attempted_at < fold.leads_to
            and (path.campaign_id is null or attempt.campaign_id = path.campaign_id)
        order by attempt.attempted_at
        limit 1
    ) as following
),
link as (
    select campaign_id, lead_id, slot, lag(slot) over (partition by campaign_id, lead_id order by slot) as from_slot, 1 as sign
    from chain
    where has
    union all
    select campaign_id, lead_id, slot, lag(slot) over (partition by campaign_id, lead_id order by slot), -1
    from chain
    where had
),
changed_link as (
    -- Most links of a lead are as they were.
    select campaign_id, slot, from_slot, sum(sign)::integer as sign
    from link
    where from_slot is not null
    group by campaign_id, lead_id, slot, from_slot
    having sum(sign) <> 0
),
-- Then, slots that are folded for the first time. Whatever came before them is folded.
fresh as (
    -- By lead, so that looking for what came before walks through the index; where it is among these it is not looked for.
    select
        lead_id,
        slot,
        campaign_id,
        slot is distinct from lag(slot) over path as is_first,
        lag(slot) over path < slot as is_preceded,
        lag(slot) over path as from_slot,
        lag(campaign_id) over path as from_campaign_id
    from (
        select attempt.lead_id, slot_of(attempt.attempted_at) as slot, attempt.campaign_id
        from dial_attempts as attempt
        where attempt.tenant_id = :tenant_id::uuid
            and attempt.attempted_at >= (select leads_to from fold) and attempt.attempted_at < instant(:upto::text)
        group by 1, 2, 3
    ) as attempt
    window path as (partition by lead_id order by slot, campaign_id)
),
preceded as materialized (
    select
        fresh.campaign_id,
        fresh.lead_id,
        fresh.slot,
        fresh.is_first,
        case when fresh.is_preceded then fresh.from_campaign_id else before.campaign_id end as from_campaign_id,
        case when fresh.is_preceded then fresh.from_slot else slot_of(before.attempted_at) end as from_slot
    from fresh
    left join lateral (
        select attempt.campaign_id, attempt.attempted_at
        from dial_attempts as attempt
        where fresh.is_preceded is not true
            and attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = fresh.lead_id and attempt.attempted_at < fresh.slot
        order by attempt.attempted_at desc
        limit 1
    ) as before on true
),
more_links as materialized (
    -- Of two days each: the pairs of their slots in no order, once for each link. A pair is the slot that a link leads to and that
    -- which it comes from as one number, which has the order of `from_places`.
    select
        from_day,
        day,
        campaign_id,
        array_agg(pair) filter (where sign > 0) as gained,
        array_agg(pair) filter (where sign < 0) as lost,
        sum(sign)::integer as links
    from (
        select
            campaign_id,
            day_of(from_slot) as from_day,
            day_of(slot) as day,
            place_of(slot, slots_of_day()) * slots_of_day() + place_of(from_slot, slots_of_day()) as pair,
            sign
        from (
            select campaign_id, slot, from_slot, sign from changed_link
            union all
            select campaign_id, slot, from_slot, 1 from preceded where from_campaign_id = campaign_id
            union all
            select preceded.campaign_id, preceded.slot, slot_of(before.attempted_at), 1
            from preceded
            cross join lateral (
                select attempt.attempted_at
                from dial_attempts as attempt
                where attempt.tenant_id = :tenant_id::uuid and attempt.lead_id = preceded.lead_id
                    and attempt.campaign_id = preceded.campaign_id and attempt.attempted_at < preceded.slot
                order by attempt.attempted_at desc
                limit 1
            ) as before
            where preceded.from_campaign_id <> preceded.campaign_id
            union all
            select null, slot, from_slot, 1 from preceded where is_first
        ) as part
        where from_slot is not null
    ) as part
    group by from_day, day, campaign_id
),
more_leads as materialized (
    select campaign_id, slot, sum(leads) as leads
    from (
        select campaign_id, slot, has::integer - had::integer as leads from scoped
        union all
        select campaign_id, slot, count(*) from preceded group by campaign_id, slot
        union all
        select null, slot, count(*) from preceded where is_first group by slot
    ) as part
    group by campaign_id, slot
    having sum(leads) <> 0
),
-- What else is counted of their attempts is counted afterwards.
new_cells as (
    insert into attempt_changes (tenant_id, campaign_id, slot)
    select :tenant_id::uuid, more.campaign_id, more.slot
    from more_leads as more
    cross join fold
    where more.campaign_id is not null and more.slot >= fold.leads_to
),
-- The rows of a day are written anew: leads by slot, and how old the links to them are.
more_ages as materialized (
    select day, campaign_id, days_from(from_day, day) as age, links from more_links where links <> 0
),
lead_key as materialized (
    select day_of(slot) as day, campaign_id from more_leads
    union
    select day, campaign_id from more_ages
),
old_leads as (
    delete from folded_leads as folded
    using lead_key as key
    where folded.tenant_id = :tenant_id::uuid and folded.day = key.day and folded.campaign_id is not distinct from key.campaign_id
    returning folded.day, folded.campaign_id, folded.leads, folded.link_ages, folded.links_since
),
aged as (
    select day, campaign_id, age, sum(links)::integer as links
    from (
        select
            old.day,
            old.campaign_id,
            old.link_ages[at] as age,
            old.links_since[at] - coalesce(old.links_since[at - 1], 0) as links
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
        running_sums(
            min(old_leads),
            slots_of_day(),
            array_agg(place) filter (where place is not null),
            array_agg(leads::bigint) filter (where place is not null)
        )::integer[],
        coalesce(array_agg(age order by age) filter (where age is not null), '{}'),
        coalesce(array_agg(links::integer order by age) filter (where age is not null), '{}')
    from (
        select day, campaign_id, leads as old_leads, null::integer as place, null::bigint as leads, null::integer as age,
            null::bigint as links
        from old_leads
        union all
        select day_of(slot), campaign_id, null, place_of(slot, slots_of_day()), leads, null, null from more_leads
        union all
        select day, campaign_id, null, null, null, age, sum(links) over (partition by day, campaign_id order by age) from aged
    ) as part
    group by day, campaign_id
    having coalesce(sum(old_leads[slots_of_day()]), 0) + coalesce(sum(leads), 0) <> 0
),
-- The rows of two days in the same way.
old_links as (
    delete from folded_links as folded
    using more_links as more
    where folded.tenant_id = :tenant_id::uuid and folded.from_day = more.from_day and folded.day = more.day
        and folded.campaign_id is not distinct from more.campaign_id
    returning folded.from_day, folded.day, folded.campaign_id, folded.from_places, folded.from_links, folded.links
)
insert into folded_links (tenant_id, from_day, day, campaign_id, from_places, from_links, links)
select
    :tenant_id::uuid,
    more.from_day,
    more.day,
    more.campaign_id,
    changed.from_places,
    changed.from_links,
    changed.links
from more_links as more
left join old_links as old
    on old.from_day = more.from_day and old.day = more.day and old.campaign_id is not distinct from more.campaign_id
cross join lateral changed_links(old.from_places, old.from_links, old.links, more.gained, more.lost) as changed
where coalesce(old.links[slots_of_day()], 0) + more.links > 0
