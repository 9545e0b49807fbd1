-- Two roles. `callmetry_app` is what the functions run as: it reads the dialer's tables and cannot change them.
-- Its password is set by the migrate function, from the application secret.
-- `callmetry_dialer` has no login; an operator grants it to the login that the dialer uses.
do $$
begin
    if not exists (select from pg_roles where rolname = 'callmetry_app') then
        create role callmetry_app nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'callmetry_dialer') then
        create role callmetry_dialer nologin;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of the same cluster made them in this moment
end
$$;

revoke create on schema public from public;

grant usage on schema public to callmetry_app, callmetry_dialer;

grant select on tenants, agents, campaigns, leads, dispositions, dial_attempts, cdrs, agent_state_intervals,
    dnc_entries, compliance_checks, api_keys, qa_scorecards, qa_scorecard_versions, qa_evaluations to callmetry_app;

grant select on tenants to callmetry_dialer;

grant select, insert, update, delete on agents, campaigns, leads, dispositions, dial_attempts, cdrs,
    agent_state_intervals, dnc_entries, compliance_checks to callmetry_dialer;
