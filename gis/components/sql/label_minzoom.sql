-- Purpose: label every component with the lowest zoom at which it is the first (lowest id) of its
--          square, a 256th of a tile's side; 17 when it never is up to zoom 16.
-- Params:  none. Columns: none; rows whose label changes are updated.
-- Index:   none, reads the whole table once per zoom; run it after a load, not after one edit.
-- Cost:    about 20 s for 1 M components.
WITH square AS (
    SELECT c.id, z.zoom,
           row_number() OVER (
               PARTITION BY z.zoom,
                   floor((ST_X(c.geom_3857) + 20037508.342789244) / (2 * 20037508.342789244 / (256 * power(2, z.zoom)))),
                   floor((ST_Y(c.geom_3857) + 20037508.342789244) / (2 * 20037508.342789244 / (256 * power(2, z.zoom))))
               ORDER BY c.id) AS place
    FROM component c CROSS JOIN generate_series(4, 16) AS z (zoom)),
label AS (
    SELECT id, coalesce(min(zoom) FILTER (WHERE place = 1), 17) AS minzoom
    FROM square GROUP BY id)
UPDATE component c SET minzoom = l.minzoom
FROM label l
WHERE l.id = c.id AND c.minzoom <> l.minzoom
