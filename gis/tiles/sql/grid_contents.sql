-- What stands in one unit grid, by topic: a part of its profile.
-- params : code (text), scope (text[])
-- columns: topic text, code text, items bigint, amount double precision (m of pipes, m2 of buildings)
-- index  : component_grid_idx, pipe_segment_grid_idx, facility_grid_idx, building_grid_idx
-- cost   : 2 ms for a cell with 100 components
WITH cell AS (
    SELECT code
      FROM grid_cell
     WHERE code = :code
       AND valid_to IS NULL
       AND code ^@ ANY(CAST(:scope AS text[]))
)
SELECT 'component' AS topic, left(c.class_code, 2) AS code, count(*) AS items, CAST(NULL AS float8) AS amount
  FROM component c JOIN cell ON c.grid_code = cell.code
 WHERE c.state <> 'removed'
 GROUP BY 2
UNION ALL
SELECT 'pipe', p.kind, count(*), sum(p.length_m)
  FROM pipe_segment p JOIN cell ON p.grid_code = cell.code
 GROUP BY 2
UNION ALL
SELECT 'building', '', count(*), sum(ST_Area(b.geom_work))
  FROM building b JOIN cell ON b.grid_code = cell.code
HAVING count(*) > 0
UNION ALL
SELECT 'facility', f.kind, count(*), NULL
  FROM facility f JOIN cell ON f.grid_code = cell.code
 GROUP BY 2
 ORDER BY 1, 3 DESC
 LIMIT 200
