-- migrate.admit_application
-- Gives the application role its login, and a secret of another user name the rights of the application role.
do $$
declare
    username text = current_setting('callmetry.username');
begin
    if username <> 'callmetry_app' then
        if not exists (select from pg_roles where rolname = username) then
            execute format('create role %I', username);
        end if;
        execute format('grant callmetry_app to %I', username);
    end if;
    execute format('alter role %I login password %L', username, current_setting('callmetry.password'));
end
$$
