-- purpose  Condition over a case: this person may open and read it, with all that hangs on it.
-- params   scope text[]; department_id, person_id bigint or null; persons bigint[]: see sent_to
-- note     Whoever reported it, was sent to it or stands in for the one who was sees it outside the own
--          area too.
(({assisted(row)})
 OR {row}.reporter_id = CAST(:person_id AS bigint) OR {sent_to(row)})
