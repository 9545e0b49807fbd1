-- What the on-demand reports need.

-- A check is read whole, through a service that carries 64 KB a row in which quotes and backslashes count up to four times.
-- Not valid, as in 0007: rows that are there are not looked at.
alter table compliance_checks
    add constraint compliance_checks_rule_length check (octet_length(rule) <= 2000) not valid,
    add constraint compliance_checks_detail_length check (octet_length(detail) <= 8000) not valid,
    add constraint compliance_checks_checked_at_finite check (isfinite(checked_at)) not valid;

-- Violations are few among the checks, and an audit reads all of a window in their order.
create index compliance_checks_violations on compliance_checks (tenant_id, checked_at, id) where not passed;

-- Evaluations that count, with the campaign of their call. Whoever does not ask for the campaign does not pay for the join: the
-- planner leaves it out.
create view submitted_evaluations as
select
    kept.tenant_id,
    kept.agent_id,
    call.campaign_id,
    kept.submitted_at,
    kept.scorecard_id,
    kept.scorecard_version,
    kept.score,
    kept.passed,
    kept.points
from qa_evaluations as kept
left join cdrs as call on call.tenant_id = kept.tenant_id and call.id = kept.call_id
where kept.status = 'submitted';

grant select on submitted_evaluations to callmetry_app;
