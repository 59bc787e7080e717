-- purpose  The same written words for everybody who reported what a case stands for.
-- params   case_id bigint; kind, words text; now timestamptz; made_by bigint
-- columns  none that count: the number of rows is the number of people told
-- index    cases_pkey, case_merge_into_idx, caller_call_case_idx
-- cost     0.2 ms for three reporters
INSERT INTO case_reply (case_id, about_id, kind, words, person_id, caller_id, made_at, made_by)
SELECT DISTINCT r.from_case_id, CAST(:case_id AS bigint), :kind, :words, r.person_id, r.caller_id,
       CAST(:now AS timestamptz), CAST(:made_by AS bigint)
FROM case_reporter r
WHERE r.case_id = :case_id
