-- purpose  Supervisors on shift at this moment who walk other cells of a street, but not this one.
-- params   grid_code, street_code text; handled bigint[]: who took part in handling; day date and clock
--          time: the moment in the district's zone
-- columns  person_id bigint; name text; open_tasks int: cases waiting for this person's visit
-- order    fewest open tasks, lowest id: the first is the one to send
-- index    supervisor_cell_pkey, duty_person_idx, cases_supervisor_open_idx
-- cost     1 ms with 40 supervisors in the street and 90 days of roster
SELECT p.id AS person_id, p.name,
       (SELECT count(*) FROM cases c
        WHERE c.open AND c.supervisor_id = p.id AND c.state IN ('VERIFYING', 'CHECKING')) AS open_tasks
FROM person p
WHERE p.active AND p.id <> ALL(CAST(:handled AS bigint[]))
  AND EXISTS (
      SELECT FROM supervisor_cell w
      WHERE w.person_id = p.id AND w.grid_code ^@ CAST(:street_code AS text)
        AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day))
  AND NOT EXISTS (
      SELECT FROM supervisor_cell w
      WHERE w.person_id = p.id AND w.grid_code = :grid_code
        AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day))
  AND {on_shift(p)}
ORDER BY open_tasks, p.id
LIMIT 50
