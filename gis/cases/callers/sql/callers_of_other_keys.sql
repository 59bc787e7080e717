-- purpose  Callers sealed under another key than the one that counts, held one by one.
-- params   key_id bytea (version and id, as a sealed text begins); most int
-- columns  id, name_cipher, phone_cipher, phone_lookup, changed_at
-- index    caller_pkey (a walk)
-- cost     20 ms for 10,000 callers
SELECT id, name_cipher, phone_cipher, phone_lookup, changed_at
FROM caller
WHERE phone_cipher IS NOT NULL
  AND (substring(phone_cipher FROM 1 FOR 9) <> CAST(:key_id AS bytea)
       OR substring(name_cipher FROM 1 FOR 9) <> CAST(:key_id AS bytea))
ORDER BY id
LIMIT :most
FOR UPDATE
