-- What lies around a case, as SVG path data in metres east and south of it, for print.
-- params : case_id (bigint), reach_m (metres from the case to the edge of the drawing)
-- columns: layer text (water | green | building | road | cell | own_cell), path text; painted in this order
-- index  : the geom_3857 GiST of each table; the box is widened because Web Mercator metres are longer
-- cost   : 6 ms in the pilot district
WITH spot AS (
    SELECT geom_work AS p, ST_Expand(geom_3857, CAST(:reach_m AS double precision) * 1.6) AS near,
           ST_Expand(geom_work, CAST(:reach_m AS double precision)) AS box, grid_code
    FROM cases WHERE id = :case_id),
found AS (
    SELECT 1 AS ord, w.kind AS layer, w.geom_work AS g FROM water_green w, spot
    WHERE w.geom_3857 && near
    UNION ALL
    SELECT 2, 'building', b.geom_work FROM building b, spot WHERE b.geom_3857 && near
    UNION ALL
    SELECT 3, 'road', r.geom_work FROM road r, spot WHERE r.geom_3857 && near
    UNION ALL
    SELECT CASE WHEN g.code = spot.grid_code THEN 5 ELSE 4 END,
           CASE WHEN g.code = spot.grid_code THEN 'own_cell' ELSE 'cell' END, g.geom_work
    FROM grid_cell g, spot WHERE g.geom_3857 && near AND g.valid_to IS NULL)
SELECT layer, ST_AsSVG(ST_Translate(ST_ClipByBox2D(found.g, spot.box), -ST_X(spot.p), -ST_Y(spot.p)), 1, 1)
       AS path
FROM found, spot
WHERE found.g && spot.box
ORDER BY ord
LIMIT 3000
