-- purpose  The case that a caller tells of too, within one's own area; held open until the caller stands in it.
-- params   number text; scope text[]; department_id bigint or null
-- columns  id, number, open bool, state
-- index    cases_number_key
-- cost     0.1 ms
SELECT c.id, c.number, c.open, c.state
FROM cases c
WHERE c.number = :number
  AND {in_scope(c)}
FOR SHARE OF c
