-- purpose  Condition over a case: put right alone, reported since then, drawn, and audited by nobody.
-- params   percent int; starts timestamptz
-- index    cases_self_handled_idx, one_event_per_step
{row}.state = 'SELF_HANDLED' AND {row}.reported_at >= CAST(:starts AS timestamptz)
AND {drawn(row)}
AND NOT EXISTS (SELECT FROM case_event audited
                WHERE audited.case_id = {row}.id AND audited.move = 'audit_self_handled')
