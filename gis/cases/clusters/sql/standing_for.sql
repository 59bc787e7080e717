-- purpose  The case that stands for a merged one.
-- params   case_id bigint: the merged case; scope text[]; department_id, person_id bigint or null;
--          persons bigint[]
-- columns  id bigint; number, state text; open bool; since, closed_at timestamptz. No row: not
--          merged, or not to be seen.
-- index    cases_pkey, case_merge_pkey
-- cost     0.1 ms
SELECT t.id, t.number, t.state, t.open, m.since, t.closed_at
FROM cases c
JOIN case_merge m ON m.case_id = c.id
JOIN cases t ON t.id = m.into_id
WHERE c.id = :case_id
  AND {may_see(c)}
