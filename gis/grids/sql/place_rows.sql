-- The grid code of every row of a table by where it lies; rows that keep theirs are not written.
-- {{table}} and {{otherwise}} come from the table definitions, never from outside.
-- Edge rule: the smallest code wins, as in cell_at.sql. Index: grid_cell_geom_gist.
-- Params: none. Columns: none, it writes grid_code. Cost: 0.05 ms a row.
UPDATE {table} AS t
SET grid_code = n.code
FROM (SELECT t.id, coalesce(c.code, {otherwise}) AS code
      FROM {table} AS t
      CROSS JOIN LATERAL (SELECT ST_PointOnSurface(t.geom) AS at) p
      LEFT JOIN LATERAL (
          SELECT code
          FROM grid_cell
          WHERE valid_to IS NULL AND geom && p.at AND ST_Covers(geom, p.at)
          ORDER BY code COLLATE "C"
          LIMIT 1) c ON true) n
WHERE n.id = t.id AND n.code IS DISTINCT FROM t.grid_code
