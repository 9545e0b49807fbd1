-- access.find_api_key
-- Returns the owner of a key that is neither revoked nor expired. Parameter: the SHA-256 of the key.
-- Index: api_keys_key_hash_key.
select tenant_id, user_id, role, encode(key_hash, 'hex') as key_hash, expires_at
from api_keys
where key_hash = :key_hash::bytea
    and revoked_at is null
    and (expires_at is null or expires_at > now())
