-- purpose  Where a point is: its cell with the names above it, and the nearest component.
-- params   lon, lat float8 (4490); day date; class_code text or null (only this class); edition text;
--          nearest_m float8
-- columns  grid_code, community_code, street_code, district_code text; community_zh, community_en,
--          street_zh, street_en, district_zh, district_en text or null; component_code,
--          component_class text or null; component_zh, component_en text or null;
--          component_distance_m float8 or null. No row: outside every cell.
-- ties     A point on a shared edge belongs to the cell with the smallest code.
-- index    grid_cell_geom_gist, component_geom_work_gist
-- cost     0.3 ms with 102,400 cells and 204,800 components
WITH spot AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) AS geom
),
cell AS MATERIALIZED (
    SELECT code, community_code, street_code, district_code
    FROM (SELECT g.code, g.community_code, g.street_code, g.district_code
          FROM spot JOIN grid_cell g ON g.geom && spot.geom AND ST_Intersects(g.geom, spot.geom)
          WHERE g.valid_from <= :day AND (g.valid_to IS NULL OR g.valid_to > :day)
          OFFSET 0) touching   -- a fence: sorting by code must not tempt the planner off the GiST
    ORDER BY code
    LIMIT 1
),
nearest AS MATERIALIZED (
    SELECT c.code, c.class_code, ST_Distance(c.geom_work, work.geom) AS distance_m
    FROM (SELECT ST_Transform(geom, work_srid()) AS geom FROM spot) work
    JOIN component c ON c.geom_work && ST_Expand(work.geom, :nearest_m)
                    AND ST_DWithin(c.geom_work, work.geom, :nearest_m)
    WHERE (CAST(:class_code AS text) IS NULL OR c.class_code = :class_code)
      AND c.edition = :edition AND c.state <> 'removed'
    ORDER BY distance_m, c.id
    LIMIT 1
)
SELECT cell.code AS grid_code, cell.community_code, cell.street_code, cell.district_code,
       community.name_zh AS community_zh, community.name_en AS community_en,
       street.name_zh AS street_zh, street.name_en AS street_en,
       district.name_zh AS district_zh, district.name_en AS district_en,
       nearest.code AS component_code, nearest.class_code AS component_class,
       k.name_zh AS component_zh, k.name_en AS component_en,
       nearest.distance_m AS component_distance_m
FROM cell
LEFT JOIN area community ON community.code = cell.community_code
LEFT JOIN area street ON street.code = cell.street_code
LEFT JOIN area district ON district.code = cell.district_code
LEFT JOIN nearest ON true
LEFT JOIN case_class k ON k.kind = 'component' AND k.edition = :edition
                      AND k.code = nearest.class_code
