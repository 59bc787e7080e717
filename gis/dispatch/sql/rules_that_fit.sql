-- purpose  The dispatch rules that speak about a place, a class and a day, with their departments.
-- params   grid_code, kind, edition, class_code text; day date ("on" in the code)
-- columns  those of Rule, then department code, kind, names and area
-- note     A rule whose department has ended does not count: nobody is there to act. The rules page
--          shows such rules as orphaned.
-- index    dispatch_rule_kind_idx
-- cost     0.3 ms with 1,000 rules
SELECT r.id, r.area_code, r.kind, r.edition, r.class_code, r.department_id, r.valid_from, r.valid_to,
       r.note, d.code AS department_code, d.kind AS department_kind, d.name_zh AS department_zh,
       d.name_en AS department_en, d.area_code AS department_area
FROM dispatch_rule r
JOIN department d ON d.id = r.department_id
WHERE r.kind = :kind AND r.edition = :edition
  AND CAST(:grid_code AS text) ^@ r.area_code AND CAST(:class_code AS text) ^@ r.class_code
  AND r.valid_from <= :day AND (r.valid_to IS NULL OR r.valid_to > :day)
  AND d.valid_from <= :day AND (d.valid_to IS NULL OR d.valid_to > :day)
ORDER BY r.id
LIMIT 1000
