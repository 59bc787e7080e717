-- The part of the map a scope covers, degrees; one row of nulls when nothing is drawn.
-- params : scope (text[])
-- columns: west, south, east, north float8
-- index  : area_level_idx; grid_cell is asked only where no area lies in the scope
-- cost   : 2 ms
WITH areas AS (
    SELECT ST_Extent(CAST(geom AS geometry)) AS box FROM area
     WHERE level IN (2, 3, 4) AND geom IS NOT NULL AND valid_to IS NULL
       AND code ^@ ANY(CAST(:scope AS text[]))
), cells AS (
    SELECT ST_Extent(CAST(geom AS geometry)) AS box FROM grid_cell
     WHERE valid_to IS NULL AND code ^@ ANY(CAST(:scope AS text[]))
       AND (SELECT box FROM areas) IS NULL
), found AS (
    SELECT coalesce((SELECT box FROM areas), (SELECT box FROM cells)) AS box
)
SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
  FROM found
 LIMIT 1
