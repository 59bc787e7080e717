-- purpose  How many people reported what a case stands for.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  reporters int: 0 when the case may not be seen
-- note     Read from the reports themselves (view case_reporter): no counter that could drift.
-- index    cases_pkey, case_merge_into_idx, caller_call_case_idx
-- cost     0.2 ms for three members
SELECT count(DISTINCT r.who) AS reporters
FROM cases c
JOIN case_reporter r ON r.case_id = c.id
WHERE c.id = :case_id
  AND {may_see(c)}
