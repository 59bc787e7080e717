-- The cases behind the satisfaction of callers, the newest answer first.
-- params : scope (text array of area prefixes), department_id (bigint or null), area (text prefix),
--          starts, ends (timestamptz), most (int)
-- columns: number, satisfied, at, words, class_zh, class_en, department_zh, department_en
-- index  : call_back_at_idx, cases_pkey
-- cost   : 2,000 call-backs 8 ms
WITH newest AS (
    SELECT DISTINCT ON (b.case_id) b.case_id, b.satisfied, b.at, b.words
    FROM call_back b
    JOIN cases c ON c.id = b.case_id
    WHERE b.reached AND b.at >= :starts AND b.at < :ends
      AND {in_scope(c)} AND starts_with(c.grid_code, :area)
    ORDER BY b.case_id, b.at DESC, b.id DESC
)
SELECT c.number, newest.satisfied, newest.at, newest.words,
       coalesce(k.name_zh, c.class_code) AS class_zh, coalesce(k.name_en, c.class_code) AS class_en,
       d.name_zh AS department_zh, d.name_en AS department_en
FROM newest
JOIN cases c ON c.id = newest.case_id
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
LEFT JOIN department d ON d.id = c.department_id
ORDER BY newest.at DESC, c.number
LIMIT :most
