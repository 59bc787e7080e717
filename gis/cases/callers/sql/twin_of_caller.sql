-- purpose  Another row of the same number, kept under the key that counts; held.
-- params   id bigint; phone_lookup bytea
-- columns  id, name_cipher, phone_cipher, phone_lookup, changed_at
-- index    caller_phone_lookup_key
-- cost     0.1 ms
SELECT id, name_cipher, phone_cipher, phone_lookup, changed_at
FROM caller
WHERE phone_lookup = :phone_lookup AND id <> :id
FOR UPDATE
