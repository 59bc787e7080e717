-- purpose  What reports near the edge of a cell keep of it, for histories written by a load; as report_case.sql.
-- params   most_m float8: a worse accuracy is taken for this much
-- columns  none: rows of case_cell_edge
-- index    grid_cell_geom_gist, one_event_per_step
-- cost     0.3 s for 2,000 cases
INSERT INTO case_cell_edge (case_id, accuracy_m, point_cell, chosen_cell, chosen_by, candidates)
SELECT c.id, c.edge_m, c.grid_code, c.grid_code,
       CASE WHEN e.data ? 'cell_choice' THEN c.reporter_id END, around.cells
FROM (SELECT *, least(accuracy_m, CAST(:most_m AS float8)) AS edge_m
      FROM cases WHERE accuracy_m > 0 OFFSET 0) c
JOIN case_event e ON e.case_id = c.id AND e.seq = 1
CROSS JOIN LATERAL (
    SELECT count(*) AS n,
           jsonb_agg(jsonb_build_object('grid_code', near.code,
                                        'distance_m', round(CAST(near.metres AS numeric), 1))
                     ORDER BY near.metres, near.code) AS cells
    FROM (SELECT g.code, ST_Distance(g.geom_work, c.geom_work) AS metres
          FROM grid_cell g
          WHERE g.geom && ST_Expand(c.geom, c.edge_m / (110000 * cos(radians(ST_Y(c.geom)))),
                                    c.edge_m / 110000)
            AND ST_DWithin(g.geom_work, c.geom_work, c.edge_m)) near) around
WHERE around.n > 1
