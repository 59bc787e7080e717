-- purpose  the shifts of one person in a span of days
-- params   person_id bigint; first date, last date
-- columns  day date, shift_id, code, name_zh, name_en, starts, ends
-- order    day, start of the shift
-- index    duty_person_idx
-- cost     0.1 ms
SELECT y.day, s.id AS shift_id, s.code, s.name_zh, s.name_en, s.starts, s.ends
FROM duty y
JOIN shift s ON s.id = y.shift_id
WHERE y.person_id = :person_id AND y.day BETWEEN :first AND :last
ORDER BY y.day, s.starts, s.id
LIMIT 100
