-- purpose  The case another one is to be merged into, held against moves until the commit.
-- params   number text; scope text[]; department_id bigint or null
-- columns  id bigint; open bool. No row: no such case within the scope.
-- note     Raises lock_not_available when the target is being moved.
-- index    cases_number_key
-- cost     0.1 ms among 200,000 cases
SELECT c.id, c.open
FROM cases c
WHERE c.number = :number
  AND {in_scope(c)}
FOR SHARE NOWAIT
