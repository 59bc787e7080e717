-- The open cases of one unit grid, the earliest limit first, and how many there are in all.
-- params : code (text), scope (text[]), department_id (bigint or null), most (int)
-- columns: id bigint, number, state, class_code, class_zh, class_en text, running_due timestamptz
--          (null while the clock stands still), started_at timestamptz, total bigint
-- index  : cases_open_grid_idx, case_class pkey
-- cost   : 0.3 ms for 20 open cases
SELECT c.id, c.number, c.state, c.class_code, k.name_zh AS class_zh, k.name_en AS class_en,
       CASE WHEN c.handled_at IS NULL AND c.state <> 'SUSPENDED' THEN c.due_at END AS running_due,
       coalesce(c.filed_at, c.dispatched_at, c.reported_at) AS started_at,
       count(*) OVER () AS total
  FROM cases c
  LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
 WHERE c.open AND c.grid_code = :code
   AND {in_scope(c)}
 ORDER BY running_due NULLS LAST, c.id
 LIMIT :most
