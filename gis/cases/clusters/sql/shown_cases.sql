-- purpose  What a list of candidates shows of some cases: class, picture, how many people reported.
-- params   ids bigint[]: cases that were read under the scope
-- columns  id bigint; class_zh, class_en text or null; photo text or null (sha256 of the first
--          photo); reporters int
-- note     People as the view `case_reporter` tells them apart.
-- index    cases_pkey, case_class_pkey, a_photo_once_per_step, case_merge_into_idx,
--          caller_call_case_idx
-- cost     0.6 ms for five cases, planning apart
SELECT c.id, k.name_zh AS class_zh, k.name_en AS class_en,
       (SELECT a.sha256 FROM attachment a WHERE a.case_id = c.id AND a.purpose <> 'file'
        ORDER BY a.event_seq, a.position LIMIT 1) AS photo,
       (SELECT count(DISTINCT r.who) FROM case_reporter r WHERE r.case_id = c.id) AS reporters
FROM cases c
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
WHERE c.id = ANY(CAST(:ids AS bigint[]))
