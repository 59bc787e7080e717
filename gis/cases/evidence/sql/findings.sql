-- purpose  What does not fit about photos, with the case, the person and what was decided.
-- params   scope text[]; department_id bigint or null; case_id bigint or null (null: all cases);
--          flagged bool (true: only the flagged); kinds text[]; decided bool or null (null: both);
--          starts, ends timestamptz; most int
-- columns  id, case_id, number, event_seq, task_id (null: the step itself), move, sha256, kind, person_id, person, at, metres, minutes,
--          other_number (null: none, or outside the scope), other_at, said, flagged, decision,
--          decided_by, decided_at, decision_note
-- order    the newest first
-- index    evidence_finding_flagged_idx, a_finding_once_per_photo, cases_pkey
-- cost     13 ms for 40 findings among 2,000 cases, most of it planning
SELECT f.id, f.case_id, c.number, f.event_seq, f.task_id, e.move, f.sha256, f.kind, f.person_id,
       p.name AS person, f.at, f.metres, f.minutes, o.number AS other_number,
       coalesce(oe.at, (SELECT min(t.ended_at) FROM case_task_photo s JOIN case_task t ON t.id = s.task_id
                        WHERE t.case_id = f.other_case_id AND s.sha256 = f.sha256)) AS other_at,
       f.said, f.flagged, f.decision, d.name AS decided_by, f.decided_at, f.decision_note
FROM evidence_finding f
JOIN cases c ON c.id = f.case_id
JOIN case_event e ON e.case_id = f.case_id AND e.seq = f.event_seq
LEFT JOIN person p ON p.id = f.person_id
LEFT JOIN person d ON d.id = f.decided_by
LEFT JOIN cases o ON o.id = f.other_case_id AND {in_scope(o)}
LEFT JOIN case_event oe ON oe.case_id = f.other_case_id AND oe.seq = f.other_seq
WHERE (CAST(:case_id AS bigint) IS NULL OR f.case_id = :case_id)
  AND (f.flagged OR NOT :flagged)
  AND f.kind = ANY(CAST(:kinds AS text[]))
  AND (CAST(:decided AS boolean) IS NULL OR (f.decision IS NOT NULL) = :decided)
  AND f.at >= CAST(:starts AS timestamptz) AND f.at < CAST(:ends AS timestamptz)
  AND {in_scope(c)}
ORDER BY f.at DESC, f.id DESC
LIMIT :most
