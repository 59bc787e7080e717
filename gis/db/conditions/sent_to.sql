-- purpose  Condition over a case: a person, or somebody the person stands in for, is sent to it.
-- params   persons bigint[]: the person and those stood in for
-- index    cases_supervisor_open_idx
{row}.supervisor_id = ANY(CAST(:persons AS bigint[]))
