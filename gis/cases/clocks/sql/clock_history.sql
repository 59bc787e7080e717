-- purpose  What happened to the clocks of a case, oldest first.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  slot, name, operation text; at, due_at timestamptz; provisional bool; left_s float8;
--          limit_value numeric; limit_unit text
-- index    case_clock_event_idx, cases_pkey
-- cost     0.1 ms for 20 events
SELECT e.slot, e.name, e.operation, e.at,
       coalesce(e.due_at, (SELECT k.due_at FROM case_clock k    -- a stage that the sweep wound up
                           WHERE k.case_id = c.id AND k.slot = e.slot AND e.slot = 'stage'
                             AND e.operation = 'start' AND k.started_at = e.at)) AS due_at,
       e.provisional, e.left_s, e.limit_value,
       e.limit_unit
FROM cases c
JOIN case_clock_event e ON e.case_id = c.id
WHERE c.id = :case_id
  AND {may_see(c)}
ORDER BY e.id
LIMIT 500
