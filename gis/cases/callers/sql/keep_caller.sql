-- purpose  A caller who is not known yet; a twin of the same moment is answered with the row of the first.
-- params   name_cipher bytea or null; phone_cipher, phone_lookup bytea; phone_masked text; now timestamptz
-- columns  id, made bool
-- index    caller_phone_lookup_key
-- cost     0.1 ms
INSERT INTO caller AS k (name_cipher, phone_cipher, phone_lookup, phone_masked, created_at, changed_at)
VALUES (:name_cipher, :phone_cipher, :phone_lookup, :phone_masked, :now, :now)
ON CONFLICT (phone_lookup) DO UPDATE
    SET name_cipher = coalesce(excluded.name_cipher, k.name_cipher), changed_at = excluded.changed_at,
        version = k.version + 1
RETURNING id, xmax = 0 AS made
