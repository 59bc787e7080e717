-- purpose  Leave a reply for everybody who reported what a case stands for, once per step.
-- params   about_id bigint: the case it speaks of; of_id bigint: the case whose reporters are told;
--          step_of bigint: the case that made the step, its newest event is meant; kind, words text;
--          now timestamptz; made_by bigint or null
-- columns  none that count: the number of rows is the number of replies
-- note     The caller holds step_of for update, so its newest event is the step just written.
-- index    cases_pkey, case_merge_into_idx, caller_call_case_idx, one_event_per_step,
--          a_reply_once_per_step
-- cost     0.3 ms for three reporters
INSERT INTO case_reply (case_id, about_id, event_id, kind, words, person_id, caller_id, made_at,
                        made_by)
SELECT DISTINCT r.from_case_id, CAST(:about_id AS bigint), e.id, :kind, :words, r.person_id,
       r.caller_id, CAST(:now AS timestamptz), CAST(:made_by AS bigint)
FROM case_reporter r
CROSS JOIN (SELECT id FROM case_event WHERE case_id = :step_of ORDER BY seq DESC LIMIT 1) e
WHERE r.case_id = :of_id
ON CONFLICT DO NOTHING
