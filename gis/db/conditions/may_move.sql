-- purpose  Condition over a case: this person may move it, if post and state allow the move.
-- params   scope text[]; department_id, person_id bigint or null; persons bigint[]: see sent_to
-- note     Assisting departments are left out: they see the case and move nothing but their own sub-task.
(({in_scope(row)})
 OR {row}.reporter_id = CAST(:person_id AS bigint) OR {sent_to(row)})
