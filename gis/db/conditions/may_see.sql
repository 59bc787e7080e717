-- purpose  Condition over a case: this person may open and read it, with all that hangs on it.
-- params   scope text[]; department_id, person_id bigint or null
-- note     Whoever reported it or was sent to it sees it outside the own area too.
(({assisted(row)})
 OR {row}.reporter_id = CAST(:person_id AS bigint) OR {row}.supervisor_id = CAST(:person_id AS bigint))
