-- purpose  Keep what does not fit about the photos of one step; what is kept already stays as it is.
-- params   case_id bigint; event_seq int or null (the newest step of the case); task_id bigint or null (the
--          step itself); rows jsonb text: a list of
--          {"sha256", "kind", "metres", "minutes", "other_case_id", "other_seq", "flagged"};
--          actor_id bigint or null; said text; now timestamptz
-- columns  event_seq, flagged: of the rows that are new
-- index    one_event_per_step, a_finding_once_per_photo
-- cost     0.2 ms for two findings
INSERT INTO evidence_finding (case_id, event_seq, task_id, sha256, kind, person_id, at, metres, minutes,
                              other_case_id, other_seq, said, flagged)
SELECT :case_id, step.seq, CAST(:task_id AS bigint), r.sha256, r.kind, CAST(:actor_id AS bigint), :now, r.metres, r.minutes,
       r.other_case_id, r.other_seq, :said, r.flagged
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS r (sha256 text, kind text, metres float8, minutes float8, other_case_id bigint,
               other_seq int, flagged boolean)
CROSS JOIN (SELECT coalesce(CAST(:event_seq AS int), max(seq)) AS seq
            FROM case_event WHERE case_id = :case_id) step
ON CONFLICT ON CONSTRAINT a_finding_once_per_photo DO NOTHING
RETURNING event_seq, flagged
