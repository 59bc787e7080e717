-- purpose  A case whose sub-tasks are about to change, locked; only what the actor may see.
-- params   number text; scope text[]; department_id bigint or null
-- columns  id, number, state, department_id, waiting (sub-tasks that wait)
-- note     Raises lock_not_available at once when somebody is moving the case.
-- index    cases_number_key, case_task_case_idx
-- cost     0.1 ms
SELECT c.id, c.number, c.state, c.department_id,
       (SELECT count(*) FROM case_task w WHERE w.case_id = c.id AND w.state IN ('open', 'taken')) AS waiting
FROM cases c
WHERE c.number = :number
  AND {assisted(c)}
FOR NO KEY UPDATE OF c NOWAIT
