-- purpose  The closed case a caller is asked about, with the caller's row held: tries come one after the other.
-- params   number text; caller_id bigint; scope text[]; department_id bigint or null
-- columns  case_id, version, state, closed_at, phone_cipher, phone_lookup
-- index    cases_number_key, caller_call_case_idx, caller_pkey
-- cost     0.2 ms
SELECT c.id AS case_id, c.version, c.state, c.closed_at, k.phone_cipher, k.phone_lookup
FROM cases c
JOIN caller k ON k.id = :caller_id
WHERE c.number = :number
  AND {in_scope(c)}
  AND EXISTS (SELECT FROM caller_call r
              WHERE r.case_id = c.id AND r.caller_id = k.id AND r.kind <> 'asked')
FOR UPDATE OF k
