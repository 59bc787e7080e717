-- purpose  Condition over a row with a department: nobody's view is narrowed, or it is the viewer's own.
-- params   department_id bigint or null: the department of a handler's scope
(CAST(:department_id AS bigint) IS NULL OR {row}.department_id = CAST(:department_id AS bigint))
