-- purpose  What was kept of a case that was reported near the edge of a unit grid.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  accuracy_m float8; point_cell text or null; chosen_cell text; chosen_by text or null (name);
--          cells jsonb: nearest first, {grid_code, distance_m, zh, en} with the community's name
-- index    case_cell_edge_pkey, cases_pkey, grid_cell_code_now_key
-- cost     0.1 ms
SELECT e.accuracy_m, e.point_cell, e.chosen_cell, chooser.name AS chosen_by,
       (SELECT jsonb_agg(jsonb_build_object('grid_code', near.grid_code, 'distance_m', near.distance_m,
                                            'zh', community.name_zh, 'en', community.name_en)
                         ORDER BY near.distance_m, near.grid_code)
        FROM jsonb_to_recordset(e.candidates) AS near (grid_code text, distance_m float8)
        LEFT JOIN grid_cell g ON g.code = near.grid_code AND g.valid_to IS NULL
        LEFT JOIN area community ON community.code = g.community_code) AS cells
FROM case_cell_edge e
JOIN cases c ON c.id = e.case_id
LEFT JOIN person chooser ON chooser.id = e.chosen_by
WHERE e.case_id = :case_id
  AND {may_see(c)}
