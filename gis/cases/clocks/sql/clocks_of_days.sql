-- purpose  Running clocks in working time that run over edited days or have a provisional end, with
--          their cases held against moves until the commit.
-- params   first_day, last_day date; zone text; after bigint (case id); most int
-- columns  case_id bigint; slot, name text; base_at, due_at timestamptz; base_left_s float8;
--          limit_value numeric; limit_unit text; provisional bool
-- note     Waits for a move that is being made at this moment: no clock is left out.
-- order    By case, so that two of these follow each other.
-- index    case_clock_working_idx, cases_pkey
-- cost     10 ms for 500 clocks among 20,000 that run
SELECT k.case_id, k.slot, k.name, k.base_at, k.due_at, k.base_left_s, k.limit_value, k.limit_unit,
       k.provisional
FROM case_clock k
JOIN cases c ON c.id = k.case_id
WHERE k.base_at IS NOT NULL AND k.limit_unit IN ('working_hour', 'working_day')
  AND k.base_left_s IS NOT NULL AND k.due_at IS NOT NULL AND k.left_s IS NULL
  AND k.case_id > :after
  AND (k.provisional
       OR (CAST(k.base_at AT TIME ZONE :zone AS date) <= :last_day
           AND CAST(k.due_at AT TIME ZONE :zone AS date) >= :first_day))
ORDER BY k.case_id
LIMIT :most
FOR NO KEY UPDATE OF c
