-- purpose  one person with department, every post ever held, cells and live sessions
-- params   person_id bigint; scope text[]; today date; now timestamptz
-- columns  as people.sql, posts with valid_to, plus sessions int; no row outside the scope
-- index    person_pkey, one_post_per_role_and_area, supervisor_cell_person_idx
-- cost     0.4 ms
SELECT p.id, CAST(p.login AS text) AS login, p.name, p.phone, p.active, p.demo, p.locked_until,
       p.version, p.department_id, p.created_at,
       d.name_zh AS department_zh, d.name_en AS department_en,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                            'id', o.id, 'role', o.role, 'area_code', o.area_code,
                            'valid_from', o.valid_from, 'valid_to', o.valid_to)
                            ORDER BY o.valid_to DESC NULLS FIRST, o.id)
                 FROM post o WHERE o.person_id = p.id), '[]') AS posts,
       ARRAY(SELECT w.grid_code FROM supervisor_cell w
             WHERE w.person_id = p.id AND w.valid_from <= :today
               AND (w.valid_to IS NULL OR w.valid_to > :today)
             ORDER BY w.grid_code LIMIT 500) AS cells,
       (SELECT count(*) FROM web_session s
        WHERE s.person_id = p.id AND s.revoked_at IS NULL AND s.expires_at > :now) AS sessions
FROM person p
JOIN department d ON d.id = p.department_id
WHERE p.id = :person_id
  AND (NOT EXISTS (SELECT FROM post o WHERE o.person_id = p.id)
       OR EXISTS (SELECT FROM post o WHERE o.person_id = p.id
                    AND o.area_code ^@ ANY(CAST(:scope AS text[]))))
