-- migrate.admit_login
-- Gives the role its login, and a secret of another user name the rights of the role.
do $$
declare
    role text = current_setting('callmetry.role');
    username text = current_setting('callmetry.username');
begin
    if username <> role then
        if not exists (select from pg_roles where rolname = username) then
            execute format('create role %I', username);
        end if;
        execute format('grant %I to %I', role, username);
    end if;
    execute format('alter role %I login password %L', username, current_setting('callmetry.password'));
end
$$
