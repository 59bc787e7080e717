-- What is known of one unit grid: parents, size, validity, why it ends where it ends.
-- Params: code, scope (prefixes of area codes). Columns: as below; no row outside the scope.
-- The version in force is preferred; an ended cell still shows its newest version.
-- Index: grid_cell_code_now_key, grid_edge_left_idx, grid_edge_right_idx. Cost: 0.4 ms.
SELECT c.code, c.edition, c.area_m2, c.valid_from, c.valid_to,
       c.district_code, d.name_zh AS district_zh, d.name_en AS district_en,
       c.street_code, s.name_zh AS street_zh, s.name_en AS street_en,
       c.community_code, m.name_zh AS community_zh, m.name_en AS community_en,
       coalesce(m.derived, false) AS community_derived,
       ST_X(ST_Transform(ST_PointOnSurface(c.geom_work), 4490)) AS lon,
       ST_Y(ST_Transform(ST_PointOnSurface(c.geom_work), 4490)) AS lat,
       e.road_m, e.boundary_m, e.split_m, e.neighbours,
       ARRAY(SELECT r.code FROM responsibility_grid r
             JOIN responsibility_grid_cell rc ON rc.responsibility_grid_id = r.id
             WHERE rc.grid_code = c.code AND r.valid_to IS NULL
             ORDER BY r.code) AS responsibility_codes
FROM grid_cell c
LEFT JOIN area d ON d.code = c.district_code
LEFT JOIN area s ON s.code = c.street_code
LEFT JOIN area m ON m.code = c.community_code
CROSS JOIN LATERAL (
    SELECT coalesce(sum(length_m) FILTER (WHERE origin = 'road'), 0) AS road_m,
           coalesce(sum(length_m) FILTER (WHERE origin = 'boundary'), 0) AS boundary_m,
           coalesce(sum(length_m) FILTER (WHERE origin = 'split'), 0) AS split_m,
           coalesce(array_agg(DISTINCT other ORDER BY other) FILTER (WHERE other IS NOT NULL),
                    '{}') AS neighbours
    FROM (SELECT origin, length_m, right_code AS other FROM grid_edge WHERE left_code = c.code
          UNION ALL
          SELECT origin, length_m, left_code FROM grid_edge WHERE right_code = c.code) edges) e
WHERE c.code = :code
  AND c.code ^@ ANY(CAST(:scope AS text[]))
ORDER BY c.valid_to DESC NULLS FIRST
LIMIT 1
