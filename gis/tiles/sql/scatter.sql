-- purpose  How scattered the rows of a table lie on disk: the mean way from one row to the next, in
--          units of the way that as many rows in a square lattice have. About 1 along a Hilbert
--          curve, half the root of the row count where the order is none.
-- params   none; the table stands in place of `layer_table`, a name of the catalogue.
-- columns  rows, scatter (null without rows)
-- index    none: one pass in the order of the pages
-- cost     3 s for 1,000,000 points
SELECT count(*) AS rows,
       avg(ST_Distance(spot, before)) * sqrt(count(*))
       / nullif(greatest(max(ST_X(spot)) - min(ST_X(spot)), max(ST_Y(spot)) - min(ST_Y(spot))), 0)
       AS scatter
FROM (SELECT spot, lag(spot) OVER (ORDER BY place) AS before
      FROM (SELECT ctid AS place, ST_Centroid(ST_Envelope(geom_3857)) AS spot
            FROM layer_table WHERE geom_3857 IS NOT NULL) AS drawn) AS walk
