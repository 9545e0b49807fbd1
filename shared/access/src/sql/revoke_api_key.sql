-- access.revoke_api_key
-- Revokes a key and returns it; no row where there is none. Done twice it keeps its first date.
-- Parameter: id. Index: api_keys_pkey.
update api_keys
set revoked_at = coalesce(revoked_at, now())
where id = :id::uuid
returning id, tenant_id, user_id, role, created_at, expires_at, revoked_at
