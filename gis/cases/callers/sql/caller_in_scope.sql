-- purpose  Lock the caller of somebody who rang about a case within one's own area, for a look at the number.
-- params   caller_id bigint; scope text[]; department_id bigint or null
-- columns  id, name_cipher, phone_cipher, phone_lookup, phone_masked, created_at, version
-- index    caller_pkey, caller_call_caller_idx, cases_pkey
-- cost     0.2 ms
SELECT k.id, k.name_cipher, k.phone_cipher, k.phone_lookup, k.phone_masked, k.created_at, k.version
FROM caller k
WHERE k.id = :caller_id
  AND EXISTS (
      SELECT FROM caller_call r JOIN cases c ON c.id = r.case_id
      WHERE r.caller_id = k.id
        AND {in_scope(c)})
FOR UPDATE OF k
