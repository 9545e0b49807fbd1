-- migrate.remember_login
-- Keeps a role, and the name and password that it is logged in with, for the next statement: `alter role` takes no parameters.
-- The settings end with the transaction.
select set_config('callmetry.role', :role::text, true),
    set_config('callmetry.username', :username::text, true),
    set_config('callmetry.password', :password::text, true)
