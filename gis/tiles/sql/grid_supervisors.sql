-- The supervisors who walk one unit grid, each with the shifts of yesterday and today.
-- params : code (text), scope (text[]), day (date: today in the district's zone), most (int)
-- columns: person_id bigint, name text, day date, shift_zh, shift_en text, starts, ends time; a
--          supervisor without a shift has one row with nulls
-- index  : supervisor_cell pkey, duty_person_idx
-- cost   : 0.2 ms for 3 supervisors
SELECT p.id AS person_id, p.name, y.day, s.name_zh AS shift_zh, s.name_en AS shift_en,
       s.starts, s.ends
  FROM supervisor_cell w
  JOIN person p ON p.id = w.person_id AND p.active
  LEFT JOIN duty y ON y.person_id = p.id
       AND y.day BETWEEN CAST(:day AS date) - 1 AND CAST(:day AS date)
  LEFT JOIN shift s ON s.id = y.shift_id
 WHERE w.grid_code = :code
   AND w.grid_code ^@ ANY(CAST(:scope AS text[]))
   AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day)
   AND EXISTS (SELECT FROM post o
                WHERE o.person_id = p.id AND o.role = 'supervisor'
                  AND o.valid_from <= :day AND (o.valid_to IS NULL OR o.valid_to > :day))
 ORDER BY p.name COLLATE "C", p.id, y.day, s.starts
 LIMIT :most
