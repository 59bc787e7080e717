-- The outline of one unit grid, for a selection of all that lies in it. An outline of more corners
-- than a selection may have loses those that stand less than a metre off its line.
-- params : code (text), scope (text[])
-- columns: outline (text: GeoJSON Polygon, EPSG:4490, seven digits)
-- index  : grid_cell_code_now_key
-- cost   : 0.2 ms
SELECT ST_AsGeoJSON(CASE WHEN ST_NPoints(c.geom) > 500
                         THEN ST_SimplifyPreserveTopology(c.geom, 0.00001) ELSE c.geom END, 7) AS outline
  FROM grid_cell c
 WHERE c.code = :code AND c.valid_to IS NULL
   AND c.code ^@ ANY(CAST(:scope AS text[]))
 LIMIT 1
