-- A drawn polygon made valid, and whether it is one that may be asked.
-- params : shape (GeoJSON text, EPSG:4490)
-- columns: shape text (EWKT, EPSG:4490, valid; null where nothing of area is left), area_m2,
--          most_m2 float8 (of the box around all that is drawn; null while nothing is)
-- index  : area_level_idx
-- cost   : 1 ms
WITH drawn AS (
    SELECT ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(:shape), 4490)), 3) AS geom
), district AS (
    SELECT ST_SetSRID(CAST(ST_Extent(geom_work) AS geometry), work_srid()) AS geom
      FROM area
     WHERE level = 2 AND valid_to IS NULL
)
SELECT CASE WHEN ST_IsEmpty(drawn.geom) THEN NULL ELSE ST_AsEWKT(drawn.geom, 9) END AS shape,
       ST_Area(ST_Transform(drawn.geom, work_srid())) AS area_m2,
       ST_Area(district.geom) AS most_m2
  FROM drawn CROSS JOIN district
