-- purpose  Condition over cases c: it waits for a supervisor and nobody who walks its cell is on shift.
-- params   day date, clock time: the moment in the district's zone; sources_to_verify text[]
-- note     A report that was verified once needs no second visit.
-- columns  none: a condition
-- index    supervisor_cell_person_idx, duty_pkey (by day), one_event_per_step
-- cost     55 ms for a page of 20,000 open cases with 300 supervisors, the list included
(c.state = 'PENDING_CHECK'
 OR (c.state = 'REPORTED' AND c.source = ANY(CAST(:sources_to_verify AS text[]))
     AND NOT EXISTS (SELECT FROM case_event e WHERE e.case_id = c.id AND e.move = 'verify_true')))
AND c.grid_code NOT IN (      -- one list of covered cells for the whole statement
    SELECT w.grid_code
    FROM supervisor_cell w
    JOIN person p ON p.id = w.person_id AND p.active
    WHERE w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day) AND {on_shift(p)})
