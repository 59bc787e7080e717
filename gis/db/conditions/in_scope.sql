-- purpose  Condition over a row with a grid and a department: it counts and is listed for a scope.
-- params   scope text[]; department_id bigint or null
-- note     Assisting departments are left out on purpose: lists, numbers and maps of a department are of the
--          cases it has; those it assists with stand in a queue of their own.
{row}.grid_code ^@ ANY(CAST(:scope AS text[])) AND {in_department(row)}
