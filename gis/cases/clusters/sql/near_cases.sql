-- purpose  The cases nearest to a point: open ones of any age, ended ones reported lately.
-- params   lon, lat float8 (4490); radius_m float8; web_m float8: the same in Web Mercator, wide
--          enough; lon_deg, lat_deg float8: the same in degrees; since timestamptz; besides text or
--          null: a number to leave out; scope text[]; department_id bigint or null; most int
-- columns  id bigint; number, kind, class_code, state text; open bool; description text (the first
--          1,000 characters); reported_at timestamptz; distance_m float8. Nearest first, then by id.
-- note     A merged case is left out: the one that stands for it is found instead.
-- index    cases_open_gist; grid_cell_geom_gist and cases_grid_reported_idx for ended ones
-- cost     2.1 ms in the densest part of a city of 5,000,000 cases
WITH spot AS MATERIALIZED (
    SELECT geom, ST_Transform(geom, work_srid()) AS work, ST_Transform(geom, 3857) AS web
    FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) AS geom) given
),
near AS (
    SELECT c.id
    FROM spot JOIN cases c ON c.open AND c.geom_3857 && ST_Expand(spot.web, :web_m)
    UNION ALL
    SELECT c.id
    FROM spot
    JOIN grid_cell g ON g.valid_to IS NULL AND g.geom && ST_Expand(spot.geom, :lon_deg, :lat_deg)
    JOIN cases c ON c.grid_code = g.code AND c.reported_at >= :since
    WHERE NOT c.open AND c.state <> 'MERGED'
)
SELECT c.id, c.number, c.kind, c.class_code, c.state, c.open, left(c.description, 1000) AS description,
       c.reported_at, ST_Distance(c.geom_work, spot.work) AS distance_m
FROM spot
CROSS JOIN near
JOIN cases c ON c.id = near.id
WHERE ST_DWithin(c.geom_work, spot.work, :radius_m)
  AND c.number IS DISTINCT FROM CAST(:besides AS text)
  AND {in_scope(c)}
ORDER BY distance_m, c.id
LIMIT :most
