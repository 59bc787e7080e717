-- The unit grid of each of many points; the same rule as cell_at.sql.
-- Params: lons, lats (arrays of equal length, EPSG:4490). Columns: place (1..n), code; points
--   outside every cell have no row. Index: grid_cell_geom_gist. Cost: 0.04 ms a point.
SELECT p.place, c.code
FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS p (lon, lat, place)
CROSS JOIN LATERAL (
    SELECT code
    FROM grid_cell
    WHERE valid_to IS NULL
      AND geom && ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490)
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490))
    ORDER BY code COLLATE "C"
    LIMIT 1) c
ORDER BY p.place
