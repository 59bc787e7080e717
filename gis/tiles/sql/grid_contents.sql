-- What lies in one unit grid, by topic: the panel "in this grid" of the map.
-- params : code (text), scope (text[])
-- columns: topic text, code text, items bigint, amount double precision (m of pipes, m2 of parcels)
-- index  : component_grid_idx, pipe_segment_grid_idx, parcel_grid_idx, facility_grid_idx,
--          building_grid_idx, cases_grid_reported_idx
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
SELECT 'parcel', left(p.land_use_code, 2), count(*), sum(p.area_m2)
  FROM parcel p JOIN cell ON p.grid_code = cell.code
 GROUP BY 2
UNION ALL
SELECT 'building', '', count(*), sum(ST_Area(b.geom_work))
  FROM building b JOIN cell ON b.grid_code = cell.code
HAVING count(*) > 0
UNION ALL
SELECT 'facility', f.kind, count(*), NULL
  FROM facility f JOIN cell ON f.grid_code = cell.code
 GROUP BY 2
UNION ALL
SELECT 'case_open', '', count(*), NULL
  FROM cases k JOIN cell ON k.grid_code = cell.code
 WHERE k.open
   AND (CAST(:department AS bigint) IS NULL OR k.department_id = CAST(:department AS bigint))
HAVING count(*) > 0
UNION ALL
SELECT 'people', '', max(p.people), NULL
  FROM population p JOIN cell ON p.area_code = cell.code
HAVING count(*) > 0
 ORDER BY 1, 3 DESC
 LIMIT 200
