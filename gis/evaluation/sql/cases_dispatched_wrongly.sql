-- The cases that were dispatched wrongly first, newest dispatch first.
-- params : scope (text array), department_id (bigint or null), area (text prefix), starts, ends (timestamptz), most (int)
-- columns: number text, automatic boolean, at timestamptz, class_zh, class_en, first_zh, first_en, then_zh, then_en text
-- note   : the same cases that dispatch_quality counts as wrong; "then" is the department it went to next
-- index  : case_event_dispatch_idx, cases_pkey, one_event_per_step
-- cost   : 12,000 cases of 90 days 90 ms
SELECT c.number, e.role = 'system' AS automatic, e.at, k.name_zh AS class_zh, k.name_en AS class_en,
       d.name_zh AS first_zh, d.name_en AS first_en, o.name_zh AS then_zh, o.name_en AS then_en
FROM case_event e
JOIN cases c ON c.id = e.case_id
JOIN LATERAL (
    SELECT n.department_id
    FROM case_event r
    JOIN case_event n ON n.case_id = r.case_id AND n.seq > r.seq
                     AND n.move IN ('dispatch', 'arbitrate')
                     AND n.department_id IS DISTINCT FROM e.department_id
    WHERE r.case_id = e.case_id AND r.seq > e.seq AND r.move = 'ask_return'
    ORDER BY n.seq
    LIMIT 1) later ON true
LEFT JOIN department d ON d.id = e.department_id
LEFT JOIN department o ON o.id = later.department_id
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
WHERE e.move = 'dispatch' AND e.at >= :starts AND e.at < :ends
  AND {in_scope(c)} AND starts_with(c.grid_code, :area)
  AND NOT EXISTS (SELECT FROM case_event b
                  WHERE b.case_id = e.case_id AND b.seq < e.seq AND b.move = 'dispatch')
ORDER BY e.at DESC, c.id DESC
LIMIT :most
