-- The boxes around areas and unit grids, by code.
-- params : codes (text[])
-- columns: code text, west, south, east, north float8 (degrees, EPSG:4490)
-- index  : area pkey, grid_cell_code_now_key
-- cost   : 1 ms for 20 codes
SELECT code, ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east,
       ST_YMax(geom) AS north
  FROM (SELECT code, geom FROM area
         WHERE code = ANY(CAST(:codes AS text[])) AND geom IS NOT NULL AND valid_to IS NULL
        UNION ALL
        SELECT code, geom FROM grid_cell
         WHERE code = ANY(CAST(:codes AS text[])) AND valid_to IS NULL) AS found
 LIMIT 200
