-- purpose  Remove name and number of callers; the row stays for the cases it is named by.
-- params   ids bigint[]; now timestamptz
-- columns  id
-- index    caller_pkey
-- cost     0.1 ms each
UPDATE caller
SET name_cipher = NULL, phone_cipher = NULL, phone_lookup = NULL, phone_masked = '',
    forgotten_at = :now, changed_at = :now, version = version + 1
WHERE id = ANY(CAST(:ids AS bigint[])) AND forgotten_at IS NULL
RETURNING id
