-- purpose  Callers all of whose cases ended before a moment (or who never had one since), held one by one.
-- params   before timestamptz; most int
-- columns  id
-- index    caller_pkey (a walk), caller_call_caller_idx, cases_pkey
-- cost     40 ms for 10,000 callers; once a day
SELECT k.id
FROM caller k
WHERE k.forgotten_at IS NULL AND k.changed_at < :before
  AND NOT EXISTS (
      SELECT FROM caller_call r JOIN cases c ON c.id = r.case_id
      WHERE r.caller_id = k.id AND (c.open OR coalesce(c.closed_at, c.changed_at) >= :before))
ORDER BY k.id
LIMIT :most
FOR UPDATE OF k SKIP LOCKED
