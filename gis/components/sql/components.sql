-- purpose  Components with the names of their class and department: one by code, or those of a cell.
-- params   code text or null; grid_code text or null; class_code text (prefix of the class, '' for
--          all); scope text[] of area code prefixes; limit int. Code or cell is given.
-- columns  code, edition, class_code, class_zh, class_en, grid_code, state, department_zh,
--          department_en, installed_on, lon, lat
-- order    class, code
-- index    component_code_key; component_grid_idx
-- cost     0.5 ms for the 100 components of a cell
SELECT c.code, c.edition, c.class_code, k.name_zh AS class_zh, k.name_en AS class_en,
       c.grid_code, c.state, d.name_zh AS department_zh, d.name_en AS department_en,
       c.installed_on, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
FROM component c
LEFT JOIN case_class k ON k.kind = 'component' AND k.edition = c.edition AND k.code = c.class_code
LEFT JOIN department d ON d.id = c.department_id
WHERE (c.code = CAST(:code AS text) OR c.grid_code = CAST(:grid_code AS text))
  AND c.class_code ^@ CAST(:class_code AS text)
  AND c.grid_code ^@ ANY(CAST(:scope AS text[]))
ORDER BY c.class_code, c.code
LIMIT :limit
