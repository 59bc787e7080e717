-- What the small map of the log form shows first: the cells and areas of this person's posts,
-- else the district.
-- params:  scope text[] of area code prefixes
-- columns: west, south, east, north in degrees; null when nothing is drawn yet. One row.
-- index:   primary key of area, grid_cell_code_now_key; at most 500 outlines
-- cost:    1 ms for 20 cells
WITH own AS (
    SELECT geom FROM area WHERE code = ANY (CAST(:scope AS text[])) AND geom IS NOT NULL
    UNION ALL
    SELECT geom FROM (SELECT geom FROM grid_cell
                      WHERE code = ANY (CAST(:scope AS text[])) AND valid_to IS NULL
                      LIMIT 500) cells
), shown AS (
    SELECT geom FROM own
    UNION ALL
    SELECT geom FROM area
    WHERE level = 3 AND geom IS NOT NULL AND NOT EXISTS (SELECT FROM own)
)
SELECT ST_XMin(b) AS west, ST_YMin(b) AS south, ST_XMax(b) AS east, ST_YMax(b) AS north
FROM (SELECT ST_Extent(geom) AS b FROM shown) box
LIMIT 1
