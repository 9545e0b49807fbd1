-- migrate.remember_password
-- Keeps the application role's name and password for the next statement: `alter role` takes no parameters.
-- Both settings end with the transaction.
select set_config('callmetry.username', :username::text, true), set_config('callmetry.password', :password::text, true)
