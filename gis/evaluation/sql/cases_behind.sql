-- The cases one number counts, newest report first.
-- params : scope (text array), department_id (bigint or null), area (text prefix), key (text or null: all groups),
--          starts, ends (timestamptz), most (int)
-- slots  : condition = the figure's condition, key = the grouping column
-- columns: number, state, grid_code, class_zh, class_en, reported_at, due_at, handled_at, closed_at
-- index  : cases_grid_reported_idx for one grid
-- cost   : 15 ms for a street of the pilot
SELECT c.number, c.state, c.grid_code, k.name_zh AS class_zh, k.name_en AS class_en,
       c.reported_at, c.due_at, c.handled_at, c.closed_at
FROM cases c
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
WHERE {in_scope(c)} AND starts_with(c.grid_code, :area)
  AND (CAST(:key AS text) IS NULL OR /*key*/ = :key)
  AND (/*condition*/)
ORDER BY c.reported_at DESC, c.id DESC
LIMIT :most
