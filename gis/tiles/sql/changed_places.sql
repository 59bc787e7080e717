-- purpose  Where something happened to cases since a page last asked: the cases themselves, and the
--          points at which clusters count them.
-- params   $1 bigint the last event the page knows; $2 bigint how many of the thousand up to it the
--          page's process saw; $3 text[] scope as prefixes of codes; $4 bigint department of a
--          handler or null: cases that it has or had; $5 int how many places at most
-- columns  lon, lat (EPSG:4490 degrees), cases bigint (of how many cases these are the places); more
--          than $5 rows or cases mean: too many, and not all are here
-- index    case_event_pkey, one_event_per_step, cases_pkey, area_pkey, grid_cell_code_now_key
-- cost     1 ms for ten events
WITH known AS (
    SELECT count(*) AS seen, max(at) AS at
    FROM case_event WHERE id > $1 - 1000 AND id <= $1),
step AS (
    SELECT case_id FROM case_event WHERE id > $1
    UNION
    -- who ended late took a number below the last one, at most a statement's time ago
    SELECT late.case_id
    FROM case_event late CROSS JOIN known
    WHERE known.seen > $2 AND late.id > $1 - 1000 AND late.id <= $1
      AND late.at >= known.at - interval '1 minute'),
touched AS (
    SELECT c.grid_code, c.community_code, c.street_code, c.district_code, c.geom
    FROM cases c
    WHERE c.id IN (SELECT case_id FROM step)
      AND c.grid_code ^@ ANY (CAST($3 AS text[]))
      AND (CAST($4 AS bigint) IS NULL OR c.department_id = $4
           OR EXISTS (SELECT FROM case_event e WHERE e.case_id = c.id AND e.department_id = $4))
    LIMIT $5 + 1),
place AS (
    SELECT geom FROM touched
    UNION
    SELECT ST_Transform(label_3857, 4490) FROM area
    WHERE code IN (SELECT community_code FROM touched UNION SELECT street_code FROM touched
                   UNION SELECT district_code FROM touched)
    UNION
    SELECT ST_Transform(label_3857, 4490) FROM grid_cell
    WHERE valid_to IS NULL AND code IN (SELECT grid_code FROM touched))
SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, (SELECT count(*) FROM touched) AS cases
FROM place
WHERE geom IS NOT NULL
LIMIT $5 + 1
