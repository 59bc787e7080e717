-- purpose  The unit grids one person walks today, with what is open in them.
-- params   person_id bigint; scope text[]; day date; most int
-- columns  code, community_zh, community_en text; lon, lat float8 (a point inside); open_cases int
-- index    supervisor_cell_person_idx, grid_cell_code_now_key, cases_grid_reported_idx
-- cost     0.5 ms for 20 cells
SELECT g.code, community.name_zh AS community_zh, community.name_en AS community_en,
       ST_X(inside.geom) AS lon, ST_Y(inside.geom) AS lat,
       (SELECT count(*) FROM cases c WHERE c.grid_code = g.code AND c.open) AS open_cases
FROM (SELECT DISTINCT grid_code FROM supervisor_cell
      WHERE person_id = :person_id AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
        AND grid_code ^@ ANY(CAST(:scope AS text[]))) walked
JOIN grid_cell g ON g.code = walked.grid_code AND g.valid_to IS NULL
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(g.geom) AS geom) inside
LEFT JOIN area community ON community.code = g.community_code
ORDER BY g.code
LIMIT :most
