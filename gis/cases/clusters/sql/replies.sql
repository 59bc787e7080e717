-- purpose  What the reporters of a case, and of the cases merged into it, were told.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]; most int
-- columns  number, about, kind, words text; made_at timestamptz; reporter text or null; person_id,
--          caller_id bigint or null. Newest first.
-- index    cases_pkey, case_reply_case_idx, case_reply_about_idx
-- cost     0.2 ms for ten replies
SELECT b.number, t.number AS about, r.kind, r.words, r.made_at, p.name AS reporter, r.person_id,
       r.caller_id
FROM cases c
JOIN LATERAL (
    SELECT * FROM case_reply WHERE case_id = c.id
    UNION
    SELECT * FROM case_reply WHERE about_id = c.id) r ON true
JOIN cases b ON b.id = r.case_id
JOIN cases t ON t.id = r.about_id
LEFT JOIN person p ON p.id = r.person_id
WHERE c.id = :case_id
  AND {may_see(c)}
ORDER BY r.made_at DESC, r.id DESC
LIMIT :most
