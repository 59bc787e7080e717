-- purpose  The cases a caller rang about, within one's own area, the newest call first.
-- params   caller_id bigint; scope text[]; department_id bigint or null; most int
-- columns  id, number, state, version, class_zh, class_en, street_zh, street_en, description, rang (its first
--          kind of call), rang_at (the newest call), reported_at, closed_at
-- index    caller_call_caller_idx, cases_pkey
-- cost     0.2 ms for a caller with 20 cases
WITH rang AS (
    SELECT case_id, max(at) AS at, (array_agg(kind ORDER BY at, id))[1] AS kind
    FROM caller_call
    WHERE caller_id = :caller_id
    GROUP BY case_id)
SELECT c.id, c.number, c.state, c.version, c.description, c.reported_at, c.closed_at,
       coalesce(k.name_zh, c.class_code) AS class_zh, coalesce(k.name_en, c.class_code) AS class_en,
       coalesce(s.name_zh, c.street_code) AS street_zh,
       coalesce(s.name_en, c.street_code) AS street_en,
       rang.kind AS rang, rang.at AS rang_at
FROM rang
JOIN cases c ON c.id = rang.case_id
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
LEFT JOIN area s ON s.code = c.street_code
WHERE {in_scope(c)}
ORDER BY rang.at DESC, c.id DESC
LIMIT :most
