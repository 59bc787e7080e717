-- Named places nearest to a point, within a distance; areas and roads are left out, because one
-- point says little about where they are.
-- params:  lon, lat (EPSG:4490 degrees); within_m; within_deg (a little more than within_m, in
--          degrees, for the index); limit
-- columns: those of search_places, and distance_m (on the ellipsoid); nearest first
-- index:   place_geom_gist
-- cost:    0.3 ms among 1,000 places
SELECT near.*, street.name_zh AS street_zh, street.name_en AS street_en
FROM (
    SELECT kind, name AS name_zh, coalesce(alias, name) AS name_en, CAST(NULL AS text) AS code,
           grid_code, ST_X(geom) AS lon, ST_Y(geom) AS lat,
           ST_Distance(CAST(geom AS geography), CAST(here AS geography)) AS distance_m
    FROM place, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) AS here
    WHERE kind NOT IN ('area', 'road')
      AND geom && ST_Expand(here, :within_deg)
) near
LEFT JOIN area street ON street.code = left(near.grid_code, 9)
WHERE near.distance_m <= :within_m
ORDER BY near.distance_m, near.name_zh
LIMIT :limit
