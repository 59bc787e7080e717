-- purpose  A known caller rings again: hold the row, keep a name that was said now.
-- params   id bigint; phone_lookup bytea (as read: the name is bound to it); name_cipher bytea or null;
--          now timestamptz
-- columns  id; no row: forgotten, or sealed again under another key, at this moment
-- index    caller_pkey
-- cost     0.1 ms
UPDATE caller
SET name_cipher = coalesce(:name_cipher, name_cipher), changed_at = :now, version = version + 1
WHERE id = :id AND phone_lookup = :phone_lookup AND forgotten_at IS NULL
RETURNING id
