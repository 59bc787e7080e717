-- purpose  The cases somebody has chosen from a list, as they stand; only those the actor may see.
-- params   numbers text[]; scope text[]; department_id, person_id bigint or null
-- columns  number text, state text, version int
-- index    cases_number_key
-- cost     2 ms for 200 numbers
SELECT c.number, c.state, c.version
FROM cases c
WHERE c.number = ANY(CAST(:numbers AS text[]))
  AND ((c.grid_code ^@ ANY(CAST(:scope AS text[]))
        AND (CAST(:department_id AS bigint) IS NULL OR c.department_id = :department_id))
       OR c.reporter_id = :person_id OR c.supervisor_id = :person_id)
LIMIT 200
