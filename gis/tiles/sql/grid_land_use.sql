-- How one unit grid is used: the part of each land use inside its outline.
-- A parcel counts with the part of it that lies in the cell, wherever its middle is; parcels that
-- belong to another area than the asker's do not count.
-- params : code (text), scope (text[])
-- columns: code text (first two digits of the land use), area_m2, cell_m2 float8
-- index  : grid_cell_code_now_key, parcel_geom_3857_gist
-- cost   : 1 ms for 10 parcels
SELECT left(p.land_use_code, 2) AS code,
       sum(ST_Area(ST_Intersection(p.geom_work, c.geom_work))) AS area_m2,
       max(c.area_m2) AS cell_m2
  FROM grid_cell c
  JOIN parcel p ON p.geom_3857 && c.geom_3857 AND ST_Intersects(p.geom_3857, c.geom_3857)
 WHERE c.code = :code AND c.valid_to IS NULL
   AND c.code ^@ ANY(CAST(:scope AS text[]))
   AND p.grid_code ^@ ANY(CAST(:scope AS text[]))
 GROUP BY 1
HAVING sum(ST_Area(ST_Intersection(p.geom_work, c.geom_work))) >= 1
 ORDER BY 2 DESC, 1
 LIMIT 50
