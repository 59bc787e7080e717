-- purpose  The people of a department, and what stands against giving one of them a case here now.
-- params   department_id bigint; grid_code text; day date, clock time: the moment in the district's zone
-- columns  person_id bigint; name; active bool; handles bool: a handler's post covers the cell today;
--          off_shift bool: works in shifts and none runs now; away_until date, substitute text: somebody
--          does this person's work (null: nobody); held int: cases and sub-tasks this person works on now
-- note     Who never stands in the roster does not work in shifts and counts as there.
-- order    those with the least in hand first
-- index    person_department_idx, duty_person_idx, substitute_person_idx, cases_department_open_idx
-- cost     1 ms with 30 persons and 100 open cases in the department
SELECT p.id AS person_id, p.name, p.active,
       EXISTS (SELECT FROM post o WHERE o.person_id = p.id AND o.role = 'handler'
               AND o.valid_from <= :day AND (o.valid_to IS NULL OR o.valid_to > :day)
               AND CAST(:grid_code AS text) ^@ o.area_code) AS handles,
       coalesce(roster.none_now, false) AS off_shift,
       away.last_day AS away_until, away.name AS substitute,
       (SELECT count(*) FROM cases c WHERE c.open AND c.department_id = p.department_id
                                       AND c.state IN ('PENDING_HANDLE', 'HANDLING', 'SUSPENDED')
                                       AND c.handler_id = p.id)
       + (SELECT count(*) FROM case_task t WHERE t.department_id = p.department_id
          AND t.holder_id = p.id AND t.state IN ('open', 'taken')) AS held
FROM person p
LEFT JOIN LATERAL (
    SELECT NOT bool_or(
               (d.day = :day AND s.starts <= :clock AND (s.ends > :clock OR s.ends <= s.starts))
               OR (d.day = CAST(:day AS date) - 1 AND s.ends <= s.starts AND s.ends > :clock)) AS none_now
    FROM duty d JOIN shift s ON s.id = d.shift_id
    WHERE d.person_id = p.id AND d.day BETWEEN CAST(:day AS date) - 7 AND CAST(:day AS date) + 7) roster ON true
LEFT JOIN LATERAL (
    SELECT a.last_day, other.name FROM substitute a JOIN person other ON other.id = a.substitute_id
    WHERE a.person_id = p.id AND a.ended_at IS NULL AND a.first_day <= :day AND a.last_day >= :day
    ORDER BY a.last_day DESC, a.id LIMIT 1) away ON true
WHERE p.department_id = :department_id
ORDER BY held, p.name, p.id
LIMIT 500
