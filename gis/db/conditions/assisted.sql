-- purpose  Condition over a case: it is in scope, or the handlers' department assists with it there.
-- params   scope text[]; department_id bigint or null
-- index    case_task_case_idx
{row}.grid_code ^@ ANY(CAST(:scope AS text[]))
AND (CAST(:department_id AS bigint) IS NULL OR {row}.department_id = CAST(:department_id AS bigint)
     OR EXISTS (SELECT FROM case_task helping WHERE helping.case_id = {row}.id
                AND helping.department_id = CAST(:department_id AS bigint)
                AND helping.state <> 'withdrawn'))
