-- purpose  Who rang about a case, the first one first; one row a caller.
-- params   number text; scope text[]; department_id bigint or null; most int
-- columns  caller_id, name_cipher, phone_lookup, phone_masked, rang, at, taken_by (name), other_cases
-- index    cases_number_key, caller_call_case_idx, caller_call_caller_idx
-- cost     0.3 ms for a case with five callers
WITH rang AS (
    SELECT DISTINCT ON (r.caller_id) r.caller_id, r.case_id, r.kind, r.at, r.taken_by
    FROM cases c
    JOIN caller_call r ON r.case_id = c.id
    WHERE c.number = :number
      AND {in_scope(c)}
    ORDER BY r.caller_id, r.at, r.id)
SELECT rang.caller_id, k.name_cipher, k.phone_lookup, k.phone_masked, rang.kind AS rang, rang.at,
       p.name AS taken_by,
       (SELECT count(DISTINCT o.case_id)
        FROM caller_call o JOIN cases c ON c.id = o.case_id
        WHERE o.caller_id = rang.caller_id AND o.case_id <> rang.case_id
          AND {in_scope(c)})
           AS other_cases
FROM rang
JOIN caller k ON k.id = rang.caller_id
LEFT JOIN person p ON p.id = rang.taken_by
ORDER BY rang.at, rang.caller_id
LIMIT :most
