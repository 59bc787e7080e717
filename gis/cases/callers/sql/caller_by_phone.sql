-- purpose  The caller of a number: the hashes of every key are tried, the newest key's row first.
-- params   lookups bytea[]
-- columns  id, name_cipher, phone_cipher, phone_lookup, phone_masked, created_at, version
-- index    caller_phone_lookup_key
-- cost     0.05 ms
SELECT id, name_cipher, phone_cipher, phone_lookup, phone_masked, created_at, version
FROM caller
WHERE phone_lookup = ANY(CAST(:lookups AS bytea[]))
ORDER BY array_position(CAST(:lookups AS bytea[]), phone_lookup)
LIMIT 1
