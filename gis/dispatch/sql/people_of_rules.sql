-- purpose  Departments and posts that rules name with nobody in them, or with nobody on shift now.
-- params   edition text; scope text[]: rules inside or around these areas; day date, clock time: the moment in the district
-- columns  department_id bigint; department_code, department_zh, department_en, post text; rules int: how many
--          name them; people int: active persons with the post; in_shifts, on_duty int: of them, with a duty
--          within a week of the day, and on shift now
-- note     Who never stands in the roster does not work in shifts and counts as there.
-- index    person_department_idx, duty_person_idx
-- cost     3 ms with 40 departments and 300 persons
WITH named AS (
    SELECT r.department_id, r.post, count(*) AS rules
    FROM dispatch_rule r
    WHERE r.edition = :edition
      AND EXISTS (SELECT FROM unnest(CAST(:scope AS text[])) AS p (code)
                  WHERE r.area_code ^@ p.code OR p.code ^@ r.area_code)
      AND r.valid_from <= :day AND (r.valid_to IS NULL OR r.valid_to > :day)
    GROUP BY r.department_id, r.post
)
SELECT d.id AS department_id, d.code AS department_code, d.name_zh AS department_zh,
       d.name_en AS department_en, named.post, named.rules,
       count(p.id) AS people,
       count(p.id) FILTER (WHERE roster.week) AS in_shifts,
       count(p.id) FILTER (WHERE roster.now) AS on_duty
FROM named
JOIN department d ON d.id = named.department_id
LEFT JOIN person p ON p.department_id = d.id AND p.active AND EXISTS (
    SELECT FROM post o WHERE o.person_id = p.id AND o.role = named.post
      AND o.valid_from <= :day AND (o.valid_to IS NULL OR o.valid_to > :day))
LEFT JOIN LATERAL (
    SELECT true AS week,
           coalesce(bool_or(
               (t.day = :day AND s.starts <= :clock AND (s.ends > :clock OR s.ends <= s.starts))
               OR (t.day = CAST(:day AS date) - 1 AND s.ends <= s.starts AND s.ends > :clock)), false) AS now
    FROM duty t JOIN shift s ON s.id = t.shift_id
    WHERE t.person_id = p.id AND t.day BETWEEN CAST(:day AS date) - 7 AND CAST(:day AS date) + 7
    HAVING count(*) > 0) roster ON true
GROUP BY d.id, named.post, named.rules
HAVING count(p.id) = 0
    OR (count(p.id) FILTER (WHERE roster.now) = 0
        AND count(p.id) = count(p.id) FILTER (WHERE roster.week))
ORDER BY people, d.code, named.post
LIMIT 1000
