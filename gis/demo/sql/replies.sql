-- purpose  What reporters were told by steps of histories that a load wrote, as gis.cases.clusters.following tells.
-- params   none; reads case_event, case_merge, caller_call, so those come first
-- columns  none: rows of case_reply in the order of time
-- note     Told are the own reporter, who had joined by then, and those merged into the case by then.
-- index    one_event_per_step, case_merge_into_idx, caller_call_case_idx
-- cost     0.5 s for 2,000 cases
INSERT INTO case_reply (case_id, about_id, event_id, kind, words, person_id, caller_id, made_at, made_by)
SELECT DISTINCT ON (step.at, step.id, r.from_case_id, r.person_id, r.caller_id)
       r.from_case_id, step.about_id, step.id, step.kind, step.words, r.person_id, r.caller_id,
       step.at, step.actor_id
FROM (SELECT e.id, e.at, e.actor_id, e.case_id AS of_id,
             CASE e.move WHEN 'merge' THEN m.into_id ELSE e.case_id END AS about_id,
             CASE WHEN e.move = 'merge' THEN 'merged'
                  WHEN e.move = 'reopen' THEN 'reopened'
                  WHEN e.to_state IN ('CLOSED', 'FORCED_CLOSED') THEN 'ended'
                  ELSE 'refused' END AS kind,
             CASE WHEN e.to_state IN ('NOT_ACCEPTED', 'NOT_FILED', 'CANCELLED') THEN e.note
                  ELSE '' END AS words
      FROM case_event e
      LEFT JOIN case_merge m ON m.case_id = e.case_id AND e.move = 'merge'
      WHERE e.move IN ('merge', 'reopen')
         OR e.to_state IN ('CLOSED', 'FORCED_CLOSED', 'NOT_ACCEPTED', 'NOT_FILED', 'CANCELLED')) step
JOIN case_reporter r ON r.case_id = step.of_id
LEFT JOIN case_merge joined ON joined.case_id = r.from_case_id AND joined.into_id = step.of_id
WHERE r.since <= step.at AND (joined.since IS NULL OR joined.since <= step.at)
  AND NOT (step.kind = 'merged' AND NOT r.own)
ORDER BY step.at, step.id, r.from_case_id, r.person_id, r.caller_id
