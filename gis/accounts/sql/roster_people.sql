-- purpose  who may be put on the roster: active holders of a role over an area, with their week
-- params   role text; area text (prefix of the post's area); scope text[]; first date, last date;
--          most int
-- columns  person_id, name, area_code (first post), days (jsonb {day: [shift ids]})
-- order    area_code, name, person_id
-- index    one_post_per_role_and_area, duty_person_idx
-- cost     6 ms for 400 supervisors and one week
SELECT p.id AS person_id, p.name, min(o.area_code) AS area_code,
       coalesce((SELECT jsonb_object_agg(x.day, x.shifts)
                 FROM (SELECT y.day, jsonb_agg(y.shift_id ORDER BY y.shift_id) AS shifts
                       FROM duty y
                       WHERE y.person_id = p.id AND y.day BETWEEN :first AND :last
                       GROUP BY y.day) x), '{}') AS days
FROM person p
JOIN post o ON o.person_id = p.id
WHERE p.active
  AND o.role = :role
  AND o.area_code ^@ CAST(:area AS text)
  AND o.area_code ^@ ANY(CAST(:scope AS text[]))
  AND o.valid_from <= :last AND (o.valid_to IS NULL OR o.valid_to > :first)
GROUP BY p.id, p.name
ORDER BY min(o.area_code) COLLATE "C", p.name COLLATE "C", p.id
LIMIT :most
