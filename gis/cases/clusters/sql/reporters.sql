-- purpose  How many people reported what a case stands for.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null
-- columns  reporters int: 0 when the case may not be seen
-- note     Read from the reports themselves (view case_reporter): no counter that could drift.
-- index    cases_pkey, case_merge_into_idx, caller_call_case_idx
-- cost     0.2 ms for three members
SELECT count(DISTINCT r.who) AS reporters
FROM cases c
JOIN case_reporter r ON r.case_id = c.id
WHERE c.id = :case_id
  AND ((c.grid_code ^@ ANY(CAST(:scope AS text[]))
        AND (CAST(:department_id AS bigint) IS NULL OR c.department_id = :department_id
             OR EXISTS (SELECT FROM case_task t WHERE t.case_id = c.id
                        AND t.department_id = :department_id AND t.state <> 'withdrawn')))
       OR c.reporter_id = :person_id OR c.supervisor_id = :person_id)
