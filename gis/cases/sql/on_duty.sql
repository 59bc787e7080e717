-- purpose  The supervisors who walk a cell and whose shift runs at this moment.
-- params   grid_code text; day date and clock time: the moment in the district's zone
-- columns  person_id bigint; name text; open_tasks int: cases waiting for this person's visit
-- order    fewest open tasks, lowest id: the first is the one to send
-- index    supervisor_cell_pkey, duty_person_idx, cases_supervisor_open_idx
-- cost     0.1 ms with 300 supervisors and 90 days of roster
SELECT p.id AS person_id, p.name,
       (SELECT count(*) FROM cases c
        WHERE c.open AND c.supervisor_id = p.id AND c.state IN ('VERIFYING', 'CHECKING')) AS open_tasks
FROM supervisor_cell w
JOIN person p ON p.id = w.person_id AND p.active
WHERE w.grid_code = :grid_code
  AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day)
  AND {on_shift(p)}
ORDER BY open_tasks, p.id
LIMIT 50
