-- The unit grid in force at a point: no row outside the district, never more than one.
-- Edge rule: a point on the line between cells belongs to the cell with the smallest code.
-- Params: lon, lat (EPSG:4490 degrees). Columns: code, community_code, street_code, district_code,
--   edition, area_m2. Index: grid_cell_geom_gist. Cost: 0.05 ms among 100,000 cells.
SELECT code, community_code, street_code, district_code, edition, area_m2
FROM grid_cell
WHERE valid_to IS NULL
  AND geom && ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)
  AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))
ORDER BY code COLLATE "C"
LIMIT 1
