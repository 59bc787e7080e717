-- purpose  Condition over cases c: it waits for a supervisor and nobody who walks its cell is on shift.
-- params   day date, clock time: the moment in the district's zone; sources_to_verify text[]
-- note     A report that was verified once needs no second visit.
(c.state = 'PENDING_CHECK'
 OR (c.state = 'REPORTED' AND c.source = ANY(CAST(:sources_to_verify AS text[]))
     AND NOT EXISTS (SELECT FROM case_event e WHERE e.case_id = c.id AND e.move = 'verify_true')))
AND NOT EXISTS (
    SELECT
    FROM supervisor_cell w
    JOIN person p ON p.id = w.person_id AND p.active
    JOIN post o ON o.person_id = p.id AND o.role = 'supervisor'
               AND o.valid_from <= :day AND (o.valid_to IS NULL OR o.valid_to > :day)
    JOIN duty d ON d.person_id = p.id AND d.day BETWEEN CAST(:day AS date) - 1 AND :day
    JOIN shift s ON s.id = d.shift_id
    WHERE w.grid_code = c.grid_code
      AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day)
      AND ((d.day = :day AND s.starts <= :clock AND (s.ends > :clock OR s.ends <= s.starts))
           OR (d.day < :day AND s.ends <= s.starts AND s.ends > :clock)))
