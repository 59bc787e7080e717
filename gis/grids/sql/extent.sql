-- The box around everything drawn under an area code that the asker may see.
-- params : scope (text array of area prefixes), prefix (text)
-- columns: west, south, east, north (degrees, EPSG:4490); all null when nothing is drawn
-- index  : none; a few hundred areas
-- cost   : 1 ms for 17 streets
SELECT ST_XMin(e) AS west, ST_YMin(e) AS south, ST_XMax(e) AS east, ST_YMax(e) AS north
FROM (
    SELECT ST_Extent(geom) AS e
    FROM area
    WHERE level >= 3 AND valid_to IS NULL AND geom IS NOT NULL
      AND starts_with(code, :prefix)
      AND EXISTS (SELECT 1 FROM unnest(CAST(:scope AS text[])) p
                  WHERE code ^@ p OR p ^@ code)
    LIMIT 1) found
