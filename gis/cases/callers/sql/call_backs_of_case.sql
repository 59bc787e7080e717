-- purpose  The tries to reach the callers of a case, the newest first.
-- params   number text; scope text[]; department_id bigint or null; most int
-- columns  try, at, made_by (name), reached, satisfied, words, next_try_at
-- index    cases_number_key, one_row_per_try
-- cost     0.1 ms
SELECT b.try, b.at, p.name AS made_by, b.reached, b.satisfied, b.words, b.next_try_at
FROM cases c
JOIN call_back b ON b.case_id = c.id
LEFT JOIN person p ON p.id = b.made_by
WHERE c.number = :number
  AND {in_scope(c)}
ORDER BY b.at DESC, b.id DESC
LIMIT :most
